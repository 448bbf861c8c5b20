import type { SandboxWords } from '../text.js';

/** The sandbox in English, in which its stories are at home. */
export const en: SandboxWords = {
  picture: { alt: 'A lamp above dark water', caption: 'The lamp at the harbour of Lantern Bay, a town that is made up.' },
  stories: {
    ferry: {
      headline: 'The night ferry sails again from Friday',
      dek: 'After two years of repairs the islands can be reached in the evening.',
      paragraphs: [
        'The night ferry between Lantern Bay and the islands sails again from Friday.',
        'A ticket costs what it cost before: four crowns.',
      ],
      second: {
        headline: 'The night ferry has sailed, a day early',
        paragraphs: [
          'The night ferry left Lantern Bay on Thursday evening, a day before it was expected.',
          'There were 112 passengers on board. A ticket costs four crowns.',
        ],
      },
    },
    museum: {
      headline: 'The museum of lamps opens its cellar',
      dek: 'Three hundred lamps that nobody has seen for forty years.',
      paragraphs: [
        'On Saturday the museum of lamps shows what has lain in its cellar.',
        'The oldest lamp is of clay, the youngest of a bicycle.',
      ],
    },
    bridge: {
      headline: 'The old bridge closes for nine weeks',
      dek: 'Buses go round by the mill.',
      paragraphs: ['The old bridge closes on Monday for nine weeks, a letter of the town hall says.'],
      second: {
        headline: 'The old bridge closes for nine days',
        paragraphs: ['The old bridge closes on Monday for nine days, a letter of the town hall says.'],
      },
      correction: 'The bridge closes for nine days, not for nine weeks.',
      retraction: 'The letter on which the report rested was forged. The bridge stays open.',
    },
    harvest: {
      headline: 'The largest apple harvest in ten years',
      dek: 'Growers look for pickers.',
      paragraphs: ['The orchards around Lantern Bay have yielded 12,000 tonnes of apples this autumn.'],
      second: { paragraphs: ['The orchards around Lantern Bay have yielded 1,200 tonnes of apples this autumn.'] },
      correction: 'The harvest was 1,200 tonnes, not 12,000.',
    },
    scripts: {
      headline: 'Three scripts on one sign: “Lantern · Фонарь · فانوس”',
      dek: 'A test of <angle brackets>, & and ]]> in a headline’s neighbourhood.',
      paragraphs: [
        [
          { text: 'The sign at the harbour reads ' },
          { text: 'Фонарь', lang: 'ru', strong: true },
          { text: ', then ' },
          { text: 'فانوس دریایی', lang: 'fa' },
          { text: ' (1404), and only then “Lantern”.' },
        ],
        'Whoever programs must show it so: a < b, c & d, and ]]> at the end.',
      ],
    },
    storm: {
      headline: 'Storm warning until six in the evening',
      dek: 'Boats are to stay in the harbour.',
      paragraphs: ['A storm is expected at Lantern Bay this afternoon. The warning ends at six in the evening.'],
    },
    council: {
      headline: 'The council votes on longer lamplight',
      dek: 'The lamps along the quay could burn until two in the morning.',
      paragraphs: ['The council votes on Tuesday. You do not see this paragraph: of this story you have the summary.'],
    },
    survey: {
      headline: 'Survey: most want a tram',
      dek: 'Six of ten would ride it daily.',
      paragraphs: ['Six of ten residents of Lantern Bay want a tram, a survey says.'],
    },
  },
};
