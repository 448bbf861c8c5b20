import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { blocksOfHtml } from '../../src/publishing/blocks-of-html.js';

const read = (html: string, language = 'en') => {
  const result = blocksOfHtml({ html, language });
  if (!result.ok) throw new Error(JSON.stringify(result.fault));
  return result;
};
/** The blocks without their keys. */
const blocks = (html: string, language?: string) => read(html, language).blocks.map(({ key: _, ...rest }) => rest);
const paragraph = (...spans: ({ text: string } & Record<string, unknown>)[]) => ({ type: 'paragraph', spans });
const p = (text: string) => paragraph({ text });
const texts = (html: string) => blocks(html).map((block) => ('spans' in block ? block.spans.map(({ text }) => text).join('') : block.type));

describe('running text', () => {
  test.each([
    ['paragraphs', '<p>One</p><p>Two</p>', [p('One'), p('Two')]],
    ['text between blocks', 'One<div>Two<p>Three</p>Four</div>Five', ['One', 'Two', 'Three', 'Four', 'Five'].map(p)],
    ['plain text', 'One & two', [p('One & two')]],
    ['a line break stays one', '<p>One<br>two<br></p>', [p('One\ntwo')]],
    ['two part paragraphs', '<p>One<br><br />two</p>', [p('One'), p('two')]],
    ['a bidi control reaches to the end of its paragraph', '<p>a\u202Eb<br><br>c\u202Cd</p>', [p('a\u202Eb\u202C'), p('cd')]],
    ['empty paragraphs go', '<p>One</p><p>&nbsp;</p><p><br></p><p></p><p>\u200B</p>', [p('One')]],
    ['white space is one space', '<p>\n  One \t two\n</p>', [p('One two')]],
    ['runs of no-break spaces too', '<p>One&nbsp;&nbsp; two&nbsp;</p>', [p('One two')]],
    ['one that holds words together stays', '<p>в&nbsp;Казани</p>', [p('в\u00A0Казани')]],
    ['lines of <pre> stay lines', '<pre>One\ntwo</pre>', [p('One\ntwo')]],
    ['references are characters', '<p>&laquo;A&raquo; &#1051; &amp;lt;</p>', [p('«A» Л &lt;')]],
    ['quotation marks that a browser adds', '<p>He said <q>no</q>.</p>', [p('He said “no”.')]],
    ['numbers raised and lowered', '<p>10<sup>6</sup> m<sup>2</sup> CO<sub>2</sub> 4<sup>th</sup></p>', [p('10⁶ m² CO₂ 4th')]],
    ['terms and what they mean', '<dl><dt>A</dt><dd>B</dd></dl>', [p('A'), p('B')]],
  ])('%s', (_what, html, expected) => {
    expect(blocks(html)).toEqual(expected);
  });
});

describe('marks', () => {
  test.each([
    ['strong and em by element', '<b>a</b> <i>b</i>', [{ text: 'a', strong: true }, { text: ' ' }, { text: 'b', em: true }]],
    [
      'both',
      '<strong>a<em>b</em></strong>',
      [
        { text: 'a', strong: true },
        { text: 'b', strong: true, em: true },
      ],
    ],
    ['by style', '<span style="font-weight: 700; font-style:italic">a</span>', [{ text: 'a', strong: true, em: true }]],
    ['taken back by style', '<b>a<span style="font-weight:400">b</span></b>', [{ text: 'a', strong: true }, { text: 'b' }]],
    ['neighbours are one', '<b>a</b> <b>b</b>', [{ text: 'a b', strong: true }]],
    ['the space after a mark is not marked', '<b>a </b>b', [{ text: 'a', strong: true }, { text: ' b' }]],
    ['others go, their words stay', '<u>a</u><font color=red>b</font><mark>c</mark><x-y>d</x-y>', [{ text: 'abcd' }]],
    ['links', '<a href="https://x.example/a?b=1&amp;c=2">a</a>', [{ text: 'a', href: 'https://x.example/a?b=1&c=2' }]],
    ['an address with spaces is encoded', '<a href="https://x.example/a b">a</a>', [{ text: 'a', href: 'https://x.example/a%20b' }]],
    ['one that reads well stays', '<a href="https://пример.рф/ё">a</a>', [{ text: 'a', href: 'https://пример.рф/ё' }]],
    ['post', '<a href="mailto:a@x.example">a</a>', [{ text: 'a', href: 'mailto:a@x.example' }]],
    [
      'not the detour over an office program',
      '<a href="https://www.google.com/url?q=https://x.example/a%3Fb%3D1&amp;sa=D&amp;ust=1">a</a>',
      [{ text: 'a', href: 'https://x.example/a?b=1' }],
    ],
    ['languages', 'a <span lang="ru-RU">слово</span>', [{ text: 'a ' }, { text: 'слово', lang: 'ru-RU' }]],
    ['of any element', 'a <i lang=fa>سلام</i>', [{ text: 'a ' }, { text: 'سلام', em: true, lang: 'fa' }]],
    ['in canonical form', 'a <span lang="SR-latn">reč</span>', [{ text: 'a ' }, { text: 'reč', lang: 'sr-Latn' }]],
    ['not the language of the text itself', '<span lang=en-GB>a</span>', [{ text: 'a' }]],
    ['not one that is none', '<span lang="x-none">a</span><span lang="en_US">b</span>', [{ text: 'ab' }]],
    ['not one whose letters are not there', '<span lang=RU>a</span>', [{ text: 'a' }]],
  ])('%s', (_what, html, spans) => {
    expect(blocks(html)).toEqual([paragraph(...spans)]);
  });

  test('the language of the edition is what is not marked', () => {
    expect(blocks('<span lang=ru>да</span> <span lang=en>yes</span>', 'ru')).toEqual([
      paragraph({ text: 'да ' }, { text: 'yes', lang: 'en' }),
    ]);
    expect(blocks('<p lang=sr-Latn>da</p>', 'sr')).toEqual([paragraph({ text: 'da', lang: 'sr-Latn' })]);
  });
});

describe('headings', () => {
  test('are of level 2 to 4', () => {
    expect(blocks('<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5><h6>f</h6>').map((each) => 'level' in each && each.level)).toEqual([
      2, 2, 3, 4, 4, 4,
    ]);
  });
  test('are one line, and bold by being headings', () => {
    expect(blocks('<h2><b>a<br>b</b></h2><h2></h2>')).toEqual([{ type: 'heading', level: 2, spans: [{ text: 'a b' }] }]);
  });
});

describe('quotations', () => {
  test.each([
    ['alone', '<blockquote><p>One</p><p>two</p></blockquote>', { text: 'One\ntwo' }, undefined],
    ['with a footer', '<blockquote><p>One</p><footer>— A. A., <cite>B</cite></footer></blockquote>', { text: 'One' }, 'A. A., B'],
    ['with a cite after it', '<blockquote>One <cite>A. A.</cite></blockquote>', { text: 'One' }, 'A. A.'],
    ['with a cite in its own line', '<blockquote><p>One</p><p>– <cite>A. A.</cite></p></blockquote>', { text: 'One' }, 'A. A.'],
    ['with a cite that names a work', '<blockquote><p>I read <cite>Hamlet</cite></p></blockquote>', { text: 'I read Hamlet' }, undefined],
    ['in a figure', '<figure><blockquote>One</blockquote><figcaption>A. A.</figcaption></figure>', { text: 'One' }, 'A. A.'],
    ['by a class of Word', '<p class=MsoQuote>One</p>', { text: 'One' }, undefined],
  ])('%s', (_what, html, span, attribution) => {
    expect(blocks(html)).toEqual([{ type: 'quote', spans: [span], ...(attribution ? { attribution } : {}) }]);
  });
});

describe('lists', () => {
  const list = (ordered: boolean, ...items: string[]) => ({ type: 'list', ordered, items: items.map((text) => [{ text }]) });
  test.each([
    ['bullets', '<ul><li>a<li>b</ul>', [list(false, 'a', 'b')]],
    ['numbers', '<ol><li><p>a</p></li></ol>', [list(true, 'a')]],
    ['lists in lists follow their item', '<ul><li>a<ol><li>b<li>c</ol></li><li>d</ul>', [list(false, 'a', 'b', 'c', 'd')]],
    ['also where they stand beside it', '<ul><li>a</li><ul><li>b</li></ul></ul>', [list(false, 'a', 'b')]],
    ['paragraphs of an item are its lines', '<ul><li><p>a</p><p>b</p></li></ul>', [list(false, 'a\nb')]],
    ['empty items go', '<ul><li>a<li> <li><br></ul><ul></ul>', [list(false, 'a')]],
    ['text between items is one', '<ul>a<li>b</ul>', [list(false, 'a', 'b')]],
  ])('%s', (_what, html, expected) => {
    expect(blocks(html)).toEqual(expected);
  });
});

describe('tables', () => {
  const cells = (...all: string[]) => all.map((text) => [{ text }]);
  test.each([
    [
      'with caption and head',
      '<table><caption>C <b>d</b></caption><thead><tr><th><b>A</b><th>B</thead><tbody><tr><td>1<td>2</table>',
      [{ type: 'table', caption: 'C d', header: cells('A', 'B'), rows: [cells('1', '2')] }],
    ],
    [
      'with a head by its cells',
      '<table><tr><th>A<th>B<tr><td>1<td>2</table>',
      [{ type: 'table', header: cells('A', 'B'), rows: [cells('1', '2')] }],
    ],
    ['without', '<table><tr><th>A<td>1<tr><th>B<td></table>', [{ type: 'table', rows: [cells('A', '1'), cells('B', ' ')] }]],
    [
      'with cells over columns and rows',
      '<table><tr><td colspan=2>A<td>B<tr><td rowspan=2>1<td>2<td>3<tr><td>4<td>5</table>',
      [{ type: 'table', rows: [cells('A', ' ', 'B'), cells('1', '2', '3'), cells(' ', '4', '5')] }],
    ],
    ['with paragraphs in cells', '<table><tr><td><p>a</p><p>b</p><td>c</table>', [{ type: 'table', rows: [cells('a\nb', 'c')] }]],
    [
      'in a figure',
      '<figure><table><tr><td>1<td>2</table><figcaption>C</figcaption></figure>',
      [{ type: 'table', caption: 'C', rows: [cells('1', '2')] }],
    ],
    [
      'that only place things are none',
      '<table><tr><td><p>a</p><table><tr><td>1<td>2</table></td></tr></table>',
      [p('a'), { type: 'table', rows: [cells('1', '2')] }],
    ],
    ['of nothing are none', '<table><tr><td><td></table>', []],
  ])('%s', (_what, html, expected) => {
    expect(blocks(html)).toEqual(expected);
  });
});

describe('matter of other sites', () => {
  test.each([
    ['youtube', 'https://www.youtube.com/watch?v=abcdefghijk', '//www.youtube-nocookie.com/embed/abcdefghijk?rel=0'],
    ['vimeo', 'https://vimeo.com/123', 'https://player.vimeo.com/video/123?h=1'],
    ['x', 'https://x.com/i/status/12', 'https://platform.twitter.com/embed/Tweet.html?id=12'],
    [
      'facebook',
      'https://www.facebook.com/a/posts/1',
      'https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fposts%2F1&width=500',
    ],
    [
      'facebook',
      'https://www.facebook.com/watch/?v=12',
      'https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D12',
    ],
    ['instagram', 'https://www.instagram.com/p/Abc_123/', 'https://www.instagram.com/p/Abc_123/embed/captioned/'],
    ['tiktok', 'https://www.tiktok.com/@/video/12', 'https://www.tiktok.com/embed/v2/12'],
    ['telegram', 'https://t.me/channel/12', 'https://t.me/channel/12?embed=1'],
    [
      'soundcloud',
      'https://api.soundcloud.com/tracks/12',
      'https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/12&color=1',
    ],
    ['spotify', 'https://open.spotify.com/episode/0123456789ab', 'https://open.spotify.com/embed/episode/0123456789ab'],
    ['datawrapper', 'https://datawrapper.dwcdn.net/AbC12/', 'https://datawrapper.dwcdn.net/AbC12/3/'],
    ['flourish', 'https://public.flourish.studio/visualisation/12/', 'https://flo.uri.sh/visualisation/12/embed'],
    [
      'openstreetmap',
      'https://www.openstreetmap.org/export/embed.html?bbox=1%2C2',
      'https://www.openstreetmap.org/export/embed.html?bbox=1%2C2',
    ],
  ])('%s: %s', (provider, url, src) => {
    const frame = `<iframe src="${src.replaceAll('&', '&amp;')}" title=" Words\n here "></iframe>`;
    expect(blocks(frame)).toEqual([{ type: 'embed', provider, url, title: 'Words here', fallback: 'Words here' }]);
    expect(blocks(`<p><a href="${url}">Words</a></p>`)).toEqual([{ type: 'embed', provider, url, title: 'Words', fallback: 'Words' }]);
  });

  test('without a title has the name of the site', () => {
    expect(blocks('<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>')).toMatchObject([
      { title: 'YouTube', fallback: 'YouTube' },
    ]);
  });

  test('a post that is quoted is the post, with its words', () => {
    const post = `<blockquote class="twitter-tweet"><p lang="en">Read <a href="https://t.co/1">this</a></p>— A (@a) <a href="https://twitter.com/a/status/12?ref=1">May 1</a></blockquote>`;
    expect(read(`${post}<script async src="https://platform.twitter.com/widgets.js"></script>`)).toMatchObject({
      blocks: [{ type: 'embed', provider: 'x', url: 'https://x.com/a/status/12', fallback: 'Read this — A (@a) May 1' }],
      dropped: [{ what: 'SCRIPT', count: 1 }],
    });
    expect(blocks('<blockquote class="twitter-tweet">Words</blockquote>')).toMatchObject([{ type: 'quote' }]);
  });

  test('a link among words stays a link', () => {
    expect(blocks('<p>See <a href="https://t.me/channel/12">this</a></p>')).toMatchObject([{ type: 'paragraph' }]);
  });

  test('in a list stands after it', () => {
    expect(texts('<ul><li>a<iframe src="https://vimeo.com/123"></iframe></li><li>b</li></ul><p>c</p>')).toEqual(['list', 'embed', 'c']);
  });
});

describe('the desk is told what was left out', () => {
  test.each([
    [
      'scripts, handlers and addresses of scripts',
      '<script>1</script><p onclick=a>x</p><a href="java&Tab;script:a">y</a>',
      [{ what: 'SCRIPT', count: 3 }],
    ],
    ['links nobody can follow', '<a href="#note">1</a><a href="/a">2</a><a href="ftp://x.example">3</a>', [{ what: 'LINK', count: 3 }]],
    ['pictures', '<p>a<img src="https://x.example/a.jpg"></p><picture><source><img></picture>', [{ what: 'PICTURE', count: 2 }]],
    ['recordings', '<video controls><source src=a.mp4>Words</video><audio></audio>', [{ what: 'RECORDING', count: 2 }]],
    [
      'frames of unknown sites',
      '<iframe src="https://x.example/"></iframe><embed src=x><object data=x>a</object>',
      [{ what: 'EMBED', count: 3 }],
    ],
    [
      'drawings and formulas',
      '<svg><text>a</text></svg><math><mi>x</mi></math>',
      [
        { what: 'DRAWING', count: 1 },
        { what: 'FORMULA', count: 1 },
      ],
    ],
    ['forms', '<form>a<input><button>b</button><select><option>c</select></form>', [{ what: 'CONTROL', count: 3 }]],
    ['rules', '<p>a</p><hr><p>b</p>', [{ what: 'RULE', count: 1 }]],
    [
      'struck text',
      '<p>a<del>b</del><s>c</s><span style="text-decoration:line-through">d</span></p>',
      [{ what: 'DELETED_TEXT', count: 3 }],
    ],
    [
      'hidden text',
      '<p>a<span style="display: none">b</span><i hidden>c</i></p><template>d</template>',
      [{ what: 'HIDDEN_TEXT', count: 3 }],
    ],
    ['invisible characters', '<p>Ка\u00ADза&shy;нь\u2060</p>', [{ what: 'INVISIBLE_CHARACTER', count: 3 }]],
    ['not styles, classes and comments', '<style>a{}</style><!-- b --><p class=c style="color:red" id=d>a</p><o:p></o:p>', []],
  ])('%s', (_what, html, dropped) => {
    expect(read(html).dropped).toEqual(dropped);
  });

  test('and its words are not there', () => {
    expect(
      texts('<p>a<del>b</del><span style="display:none">c</span></p><video>d</video><button>e</button><template>f</template>'),
    ).toEqual(['a']);
    expect(texts('<figure><img src=x><figcaption>of the picture</figcaption></figure><p>a</p>')).toEqual(['a']);
  });
});

describe('office programs', () => {
  test('Word: lists written as paragraphs, tags of its own, languages it guessed', () => {
    const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
      <head><meta name=Generator content="Microsoft Word 15"><title>Draft</title>
      <!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
      <style><!-- p.MsoNormal {margin:0cm} --></style></head><body lang=EN-US style='tab-interval:35.4pt'><!--StartFragment-->
      <p class=MsoNormal><b><span lang=RU style='font-size:14.0pt;mso-bidi-font-weight:normal'>Кремль</span></b><span lang=EN-US> сказал<o:p></o:p></span></p>
      <p class=MsoNormal><o:p>&nbsp;</o:p></p>
      <p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>бер</p>
      <p class=MsoListParagraphCxSpLast style='text-indent:-18pt;mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span>ике</p>
      <p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>өч <st1:place w:st="on">Казан</st1:place></p>
      <p class=MsoNormal>Цена&nbsp;&nbsp;5<a style='mso-comment-reference:A_1'></a></p>
      <div style='mso-element:comment-list'><p>A comment</p></div><!--EndFragment--></body></html>`;
    expect(blocks(html, 'tt')).toEqual([
      paragraph({ text: 'Кремль', strong: true, lang: 'ru' }, { text: ' сказал' }),
      { type: 'list', ordered: false, items: [[{ text: 'бер' }], [{ text: 'ике' }]] },
      { type: 'list', ordered: true, items: [[{ text: 'өч Казан' }]] },
      p('Цена 5'),
    ]);
  });

  test('Google Docs: everything in a bold element that is not bold', () => {
    const html = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-0c1"><h2 dir="ltr" style="line-height:1.38"><span style="font-size:16pt;font-weight:400;white-space:pre-wrap">Title</span></h2><p dir="ltr"><span style="font-weight:400">Plain </span><span style="font-weight:700">bold</span><span style="font-weight:400;font-style:italic"> slanted</span></p><br /><ul style="margin:0"><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>one</span></p></li></ul><div dir="ltr" align="left"><table><colgroup><col /></colgroup><tbody><tr><td><p><span>1</span></p></td><td><p><span>2</span></p></td></tr></tbody></table></div></b><br class="Apple-interchange-newline">`;
    expect(read(html).dropped).toEqual([]);
    expect(blocks(html)).toEqual([
      { type: 'heading', level: 2, spans: [{ text: 'Title' }] },
      paragraph({ text: 'Plain ' }, { text: 'bold', strong: true }, { text: ' ' }, { text: 'slanted', em: true }),
      { type: 'list', ordered: false, items: [[{ text: 'one' }]] },
      { type: 'table', rows: [[[{ text: '1' }], [{ text: '2' }]]] },
    ]);
  });
});
