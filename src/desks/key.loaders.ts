import type DataLoader from 'dataloader';
import { manyBy, type Read } from '../lib/load.js';
import { ApiKey } from './api-key.js';

export interface KeyLoaders {
  /** The keys a partner has and had, by its code, the oldest first. */
  keysOfPartner: DataLoader<string, ApiKey[]>;
}

export const keyLoaders = (read: Read): KeyLoaders => ({ keysOfPartner: manyBy(read, ApiKey, 'partnerCode', 'createdAt') });
