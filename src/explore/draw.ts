import fc from 'fast-check';

/** Draws what is left to chance in a walk, from the random numbers of its seed. */
export class Draw {
  private constructor(private readonly value: fc.GeneratorValue) {}

  /** @param draws is given the same numbers each time for the same seed */
  static from<T>(seed: number, draws: (draw: Draw) => T): T {
    // Without bias: fast-check prefers the ends of a range, where bugs of functions are, and each number of times counts here.
    const [drawn] = fc.sample(fc.gen(), { seed, numRuns: 1, unbiased: true });
    if (!drawn) throw new Error('fast-check gives as many values as it is asked for');
    return draws(new Draw(drawn));
  }

  /** A whole number, both ends included. */
  between(min: number, max: number): number {
    return this.value(fc.integer, { min, max });
  }

  /** Whether one of so many chances has come. */
  oneIn(chances: number): boolean {
    return this.between(1, chances) === 1;
  }

  oneOf<T>(all: readonly T[]): T {
    return all[this.between(0, all.length - 1)] as T;
  }

  shuffled<T>(all: readonly T[]): T[] {
    return this.value(fc.shuffledSubarray<T>, [...all], { minLength: all.length });
  }
}
