import type { CommandIo } from './command-io.js';

/** Progress on stderr: a bar for a person, a line each tenth for a log. */
export interface Progress {
  update(done: number, total: number): void;
  /** A line of its own between bars. */
  line(text: string): void;
  end(): void;
}

/** Drawn here because the terminal may be another process's: libraries draw only on their own. */
export function progressBar({ stderr, columns, isTTY }: CommandIo, title: string): Progress {
  let shown = -1;
  const clear = isTTY ? '\r\u001B[2K' : '';
  const draw = (percent: number): string => {
    const width = Math.max(10, Math.min(40, columns - title.length - 10));
    const full = Math.round((percent / 100) * width);
    return `${clear}${title} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent} %`;
  };
  return {
    update(done, total) {
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      const step = isTTY ? percent : Math.floor(percent / 10) * 10;
      if (step === shown) return;
      shown = step;
      stderr(isTTY ? draw(step) : `${title}: ${step} %\n`);
    },
    line(text) {
      stderr(`${clear}${text}\n`);
      if (isTTY && shown >= 0) stderr(draw(shown));
    },
    end: () => stderr(isTTY && shown >= 0 ? '\n' : ''),
  };
}
