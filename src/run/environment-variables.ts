/** Environment variable through which workers find the gateway. */
export const GATEWAY_VARIABLE = 'SESSION_CONTRACT_GATEWAY';

/** Environment variable with the milliseconds that a command may take which compares documents. */
export const COMPARISON_MS_VARIABLE = 'SESSION_CONTRACT_COMPARISON_MS';

/** Environment variable with the seconds that a person has to approve a session. */
export const APPROVAL_VARIABLE = 'SESSION_CONTRACT_APPROVAL';

/** Environment variable that says that the suite's own tests are running. */
export const SELF_TEST_VARIABLE = 'SESSION_CONTRACT_SELF_TEST';

/** Environment variable that names the variants of the stand-in, separated by commas, that the suite's own tests are about. */
export const VARIANT_VARIABLE = 'SESSION_CONTRACT_VARIANT';
