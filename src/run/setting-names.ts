import { distance } from 'fastest-levenshtein';

/*
 * Names of settings, and names that were probably meant as such: a setting that is misspelt would otherwise be missing
 * silently, and a run without BASE_URL judges the stand-in.
 */

/**
 * Names that .env may hold beside the settings: what configures Node.js, Playwright, colours, proxies and GitHub's
 * environment. Any other name there is more likely a mistake than meant for a program that never reads the file.
 */
const OTHERS_IN_DOTENV =
  /^(?:NODE_\w+|PW_\w+|PLAYWRIGHT_\w+|PWDEBUG|PWTEST_\w+|GITHUB_\w+|DEBUG|DEBUG_COLORS|CI|TZ|NO_COLOR|FORCE_COLOR|(?:https?|all|no)_proxy)$/;

export function mayStandInDotenv(name: string, settings: readonly string[]): boolean {
  return settings.includes(name) || OTHERS_IN_DOTENV.test(name) || OTHERS_IN_DOTENV.test(name.toLowerCase());
}

/** The setting that an unknown name resembles most; undefined where it resembles none. */
export function nearestSetting(name: string, settings: readonly string[]): string | undefined {
  const [best] = settings
    .map((setting) => ({ setting, count: edits(plain(name), plain(setting)) }))
    .filter(({ setting, count }) => count <= Math.max(2, Math.floor(setting.length / 3)))
    .sort((a, b) => a.count - b.count);
  return best?.setting;
}

/**
 * The setting that a variable of the environment was probably meant to be. Stricter than nearestSetting, since an
 * environment is full of names of other programs: one edit for names of 7 to 12 letters, two for longer ones, none for
 * shorter ones (DRAFT is not DRIFT). Case and separators don't count.
 */
export function misspeltSetting(name: string, settings: readonly string[]): string | undefined {
  if (settings.includes(name)) return undefined;
  return settings.find((setting) => {
    const shorter = Math.min(plain(name).length, plain(setting).length);
    return edits(plain(name), plain(setting)) <= Math.min(2, Math.floor((shorter - 1) / 6));
  });
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '');
}

/** Insertions, deletions and replacements that make one name of another; two letters that changed places count as one. */
function edits(a: string, b: string): number {
  const letters = (text: string): string => [...text].sort().join('');
  const count = distance(a, b);
  return count === 2 && letters(a) === letters(b) ? 1 : count;
}
