import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { newImage, operatorOf, type Save, savesOf } from '../support/registry.js';

let gateway: TestGateway;
let chief: Desk;
let editor: Desk;
let operator: Desk['ask'];
let save: Save;
let minutes = 0;
const later = (): void => gateway.at(new Date(testNow.getTime() + ++minutes * 60_000));

const file = { ratio: 'RATIO_16X9', width: 1600, height: 900, contentType: 'image/svg+xml' };
const words = (image: string) => ({ image, edition: 'fa', expectedVersion: 0, alt: 'A drawing.' });
const status = async (): Promise<number> => (await gateway.get('/media/saiga-16x9.svg')).statusCode;
/** A picture with a file, saved by an editor who has no other role. */
const withFile = (code: string, url: string, more: object = {}) =>
  save('saveImage', { ...newImage, code, renditions: [{ ...file, url }], ...more });
const refused = { code: 'FIELD_REFUSED', field: 'renditions' };

beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Clara', { en: Role.CHIEF, ru: Role.CHIEF, fa: Role.CHIEF, tt: Role.CHIEF, kk: Role.CHIEF });
  editor = await deskOf(gateway, 'Farid', { fa: Role.EDITOR });
  operator = (await operatorOf(gateway)).ask;
  save = savesOf(editor.ask);
});
afterAll(() => gateway.close());

describe('a killed picture', () => {
  test('does not come back with another: neither its files nor those it had before', async () => {
    const { data } = await editor.ask('{ registryImage(code: "saiga") { version } }');
    const had = [...(await gateway.dataSource.query(`select url from image_rendition where image_code = 'saiga'`))].map(({ url }) => url);
    expect(had).toContain('/media/saiga-16x9.svg');
    // A desk gives it other files first; those it had are free as long as nothing was taken back.
    expect(await withFile('saiga', 'https://files.example/saiga.svg', { expectedVersion: data.registryImage.version })).toMatchObject({
      code: 'saiga',
    });
    expect(await withFile('free', had.at(-1)!)).toMatchObject({ code: 'free' });
    expect(await withFile('free', '/media/none.svg', { expectedVersion: 1 })).toMatchObject({ code: 'free' });
    later();
    expect(await chief.retract({ image: 'saiga', kind: 'KILL' })).toMatchObject({ image: 'saiga' });
    for (const url of [...had, 'https://files.example/saiga.svg', 'https://FILES.example:443/saiga.svg'])
      expect(await withFile('saiga-two', url)).toMatchObject(refused);
    // Nor under the gateway's own address, however that is written.
    for (const host of ['http://gateway.test', 'http://GATEWAY.test', 'http://gateway.test:80', 'https://gateway.test'])
      expect(await withFile('saiga-two', `${host}/media/saiga-16x9.svg`)).toMatchObject(refused);
    expect(await withFile('saiga-two', 'http://GATEWAY.test/media/saiga-16x9.svg?again')).toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'renditions.0.url',
    });
    expect(await status()).toBe(404);
  });

  test('is changed by nobody, and not worded', async () => {
    const { data } = await editor.ask('{ registryImage(code: "saiga") { version } }');
    const changed = await withFile('saiga', '/media/other.svg', { expectedVersion: data.registryImage.version });
    expect(changed).toMatchObject({ code: 'IS_RETRACTED' });
    expect(await save('saveImageWording', words('saiga'))).toMatchObject({ code: 'IS_RETRACTED' });
  });

  test('is shown to operators and CHIEFs alone while it is taken back', async () => {
    const document = '{ registryImage(code: "saiga") { code retractedAt renditions { url } wordings { alt } } }';
    const nothing = { code: 'saiga', retractedAt: expect.any(String), renditions: [], wordings: [] };
    expect((await editor.ask(document)).data.registryImage).toEqual(nothing);
    for (const ask of [chief.ask, operator]) {
      const { renditions, wordings } = (await ask(document)).data.registryImage;
      expect([renditions.length, wordings.length > 0]).toEqual([1, true]);
    }
    later();
    await chief.restore({ image: 'saiga', reason: 'It was ours.' });
    expect((await editor.ask(document)).data.registryImage.renditions).toEqual([{ url: 'https://files.example/saiga.svg' }]);
  });
});

test('of two pictures that are given one file at once, one has it', async () => {
  later();
  const given = ['one', 'two'].map((code) => withFile(code, 'https://files.example/the-same.svg'));
  const answers = await Promise.all(given);
  expect(answers.filter(({ version }) => version === 1)).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'FIELD_REFUSED')).toHaveLength(1);
});
