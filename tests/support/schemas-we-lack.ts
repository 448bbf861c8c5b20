/** What the schema of ninjs refers to and the shared schemas lack, in our own words: we give no coordinates. */
export const geoJson = { $id: 'https://geojson.org/schema/GeoJSON.json', type: 'object', required: ['type'] };

const text = { type: 'string' };
const address = { type: 'string', format: 'uri' };
const time = { type: 'string', format: 'date-time' };
const author = {
  type: 'object',
  properties: { name: text, url: address, avatar: address },
  additionalProperties: false,
  minProperties: 1,
};
const attachment = {
  type: 'object',
  required: ['url', 'mime_type'],
  properties: { url: address, mime_type: text, title: text, size_in_bytes: { type: 'number' }, duration_in_seconds: { type: 'number' } },
};

/** What the schema of JSON Feed 1.1 takes from that of version 1, in our own words. */
export const feedOne = {
  id: 'https://json.schemastore.org/feed-1',
  definitions: {
    ...{ author, uri: address, extension: { type: 'object' } },
    item: {
      properties: {
        ...{ url: address, external_url: address, title: text, content_html: text, content_text: text, summary: text },
        ...{ image: address, banner_image: address, date_published: time, date_modified: time },
        tags: { type: 'array', items: text },
        attachments: { type: 'array', items: attachment },
      },
    },
  },
  properties: {
    ...{ title: text, home_page_url: address, feed_url: address, description: text, user_comment: text, next_url: address },
    ...{ icon: address, favicon: address, expired: { type: 'boolean' } },
    hubs: { type: 'array', items: { type: 'object', required: ['type', 'url'], properties: { type: text, url: address } } },
  },
};
