import { SETTING_NAMES } from './settings';

/** The environment of a run of its own, which must see neither settings nor what a run around it has left there. */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOurs = (name: string): boolean =>
    (SETTING_NAMES as readonly string[]).includes(name) ||
    /^(PW_|PLAYWRIGHT_|TEST_|SESSION_CONTRACT_|(https?|all|no)_proxy$)/i.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)));
}
