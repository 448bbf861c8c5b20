/** What is used of markdown-it, which brings no types. */
declare module 'markdown-it' {
  class MarkdownIt {
    constructor(options?: { html?: boolean });
    render(markdown: string): string;
  }
  export = MarkdownIt;
}
