// The end of what a program printed, for a page that was reloaded. Pieces are joined only when somebody asks.

export class KeptOutput {
  readonly #limit: number;
  /** oldest first; those before `#first` are dropped already */
  #pieces: string[] = [];
  #first = 0;
  #length = 0;

  /** @param limit characters that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(data: string): void {
    this.#pieces.push(data);
    this.#length += data.length;
    for (
      let oldest = this.#pieces[this.#first];
      oldest !== undefined && this.#length - oldest.length >= this.#limit;
      oldest = this.#pieces[this.#first]
    ) {
      this.#length -= oldest.length;
      this.#first += 1;
    }
    if (this.#first * 2 <= this.#pieces.length) return;
    this.#pieces = this.#pieces.slice(this.#first);
    this.#first = 0;
  }

  text(): string {
    return this.#pieces.slice(this.#first).join('').slice(-this.#limit);
  }
}
