import { registerEnumType } from 'type-graphql';

export enum Stage {
  PUBLISHED = 'PUBLISHED',
  DRAFT = 'DRAFT',
}
registerEnumType(Stage, {
  name: 'Stage',
  description: 'How far a text has come that is asked for.',
  valuesConfig: {
    PUBLISHED: { description: 'What readers are served.' },
    DRAFT: {
      description:
        'In the editions where the caller has a role: the draft as readers would be served it if it were published now, where there is one; else what is published, be it under embargo or not out yet. In all other editions what readers are served. What a draft still lacks (the note of a correction, a published original) it is shown without. Never cached.',
    },
  },
});
