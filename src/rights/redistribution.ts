import { registerEnumType } from 'type-graphql';

export enum Redistribution {
  FREE = 'FREE',
  ENTITLED = 'ENTITLED',
  NONE = 'NONE',
}
registerEnumType(Redistribution, {
  name: 'Redistribution',
  description: 'To whom an agency’s copy, or a picture, may be passed on. What the publisher’s own pages show does not depend on it.',
  valuesConfig: {
    FREE: { description: 'To every partner that may have the text it belongs to.' },
    ENTITLED: {
      description:
        'By an entitlement that does not exclude the agency; a picture, by one with images. What nobody has ruled on is ENTITLED.',
    },
    NONE: { description: 'To no partner, whatever it is entitled to.' },
  },
});
