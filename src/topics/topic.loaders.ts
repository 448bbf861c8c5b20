import type DataLoader from 'dataloader';
import { oneBy, type Read } from '../lib/load.js';
import { Agency } from './agency.js';
import { Person } from './person.js';
import { Place } from './place.js';
import { Topic } from './topic.js';

export interface TopicLoaders {
  topic: DataLoader<string, Topic | null>;
  person: DataLoader<string, Person | null>;
  place: DataLoader<string, Place | null>;
  agency: DataLoader<string, Agency | null>;
}

/** Rows of the registry by code. */
export const topicLoaders = (read: Read): TopicLoaders => ({
  topic: oneBy(read, Topic, 'code'),
  person: oneBy(read, Person, 'code'),
  place: oneBy(read, Place, 'code'),
  agency: oneBy(read, Agency, 'code'),
});
