import { Field, ObjectType, registerEnumType } from 'type-graphql';

/** Each key is a line of `locales/<tag>/labels.json`. */
export enum LabelKey {
  ACCESSIBILITY_LINKS = 'accessibilityLinks',
  SKIP_TO_CONTENT = 'skipToContent',
  MENU = 'menu',
  SEARCH = 'search',
  CLOSE = 'close',
  BREAKING_NEWS = 'breakingNews',
  LIVE = 'live',
  CORRECTION = 'correction',
  LATEST_NEWS = 'latestNews',
  READ_MORE = 'readMore',
  RELATED_STORIES = 'relatedStories',
  OTHER_LANGUAGES = 'otherLanguages',
  ORIGINAL_STORY = 'originalStory',
  TOPICS = 'topics',
  PUBLISHED = 'published',
  UPDATED = 'updated',
  SHARE = 'share',
  COPY_LINK = 'copyLink',
  PRINT = 'print',
  LISTEN = 'listen',
  WATCH = 'watch',
  PHOTO = 'photo',
  GALLERY = 'gallery',
  VIDEO = 'video',
  AUDIO = 'audio',
  CAPTIONS = 'captions',
  DOWNLOAD = 'download',
  PREVIOUS = 'previous',
  NEXT = 'next',
  LOADING = 'loading',
  NOTHING_FOUND = 'nothingFound',
  BACK_TO_TOP = 'backToTop',
  PREVIEW = 'preview',
}
registerEnumType(LabelKey, {
  name: 'LabelKey',
  description: 'The interface labels every edition has worded.',
  valuesConfig: Object.fromEntries(Object.entries(LabelKey).map(([name, key]) => [name, { description: `Label \`${key}\`.` }])),
});

@ObjectType({ description: 'An interface label in an edition’s language.' })
export class Label {
  @Field(() => LabelKey, { description: 'Which label.' })
  readonly key: LabelKey;

  @Field({ description: 'Its wording.' })
  readonly text: string;
}
