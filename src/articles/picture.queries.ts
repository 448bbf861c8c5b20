import { ImageRendition, Image as ImageRow } from '../images/image.js';
import { query, type Read, tableOf } from '../lib/load.js';
import { clean } from '../lib/text.js';
import { pictureVisible } from './visible.js';

/** Whether a path on the gateway is a file of a picture that a reader may see. By hand: one statement for each file that is asked for. */
export async function isFileShown(read: Read, path: string): Promise<boolean> {
  const { manager, now } = read;
  // With characters that no stored text has it is nobody's; some of them PostgreSQL refuses to hear.
  if (path !== clean(path)) return false;
  const [found] = await query<[{ shown: boolean }]>(
    read,
    `select exists (select from ${tableOf(manager, ImageRendition)} f join ${tableOf(manager, ImageRow)} i on i.code = f.image_code
       where f.url = $1 and ${pictureVisible('i', '$1', '$2')}) as shown`,
    [path, now],
  );
  return found.shown;
}
