import { deskTopicWanted } from './desk-source.js';
import { topicWanted } from './partner-source.js';
import type { Planning } from './plan-deliveries.js';

/** What decides which events are planned for whom, without the sources that write messages. */
export const wanting: Planning['sources'] = { partner: { wants: topicWanted }, desk: { wants: deskTopicWanted } };
