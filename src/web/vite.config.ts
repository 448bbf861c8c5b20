import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Pages keep their folder's name: src/web/explorer/index.html → dist/web/explorer/index.html, its files in explorer/assets. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsDir: 'explorer/assets',
    // fonts, images and workers stay files: the page's policy allows no inline script and no data: font
    assetsInlineLimit: 0,
    target: 'es2022',
    license: { fileName: 'explorer/licenses.md' },
    reportCompressedSize: false,
    // the editor alone is 2.8 MB, 0.6 MB on the wire
    chunkSizeWarningLimit: 3000,
    rolldownOptions: {
      input: `${import.meta.dirname}/explorer/index.html`,
      // "use client" means nothing without server rendering; a hundred warnings would hide a real one
      checks: { moduleLevelDirective: false },
    },
  },
  worker: { format: 'es', rolldownOptions: { checks: { moduleLevelDirective: false } } },
  plugins: [brotliTwins()],
});

/** Lays a `.br` twin beside every script and stylesheet, which the server sends to whoever accepts it. */
function brotliTwins(): Plugin {
  const compress = promisify(brotliCompress);
  return {
    name: 'brotli-twins',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const names = await readdir(dir, { recursive: true });
      const files = names.filter((name) => /\.(js|css)$/.test(name)).map((name) => join(dir, name));
      await Promise.all(
        files.map(async (file) => {
          const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 };
          await writeFile(`${file}.br`, await compress(await readFile(file), { params }));
        }),
      );
    },
  };
}
