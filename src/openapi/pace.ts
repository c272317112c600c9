const CPU_MS = 20;

/**
 * How much longer work takes now than it would on a quiet machine, from 1: real time for a little work, against the CPU
 * time that it took. Bounds that are meant for a hang grow with it, so that a busy machine is not taken for one.
 */
export function pace(): number {
  const started = performance.now();
  const before = process.cpuUsage();
  let cpuMs = 0;
  while (cpuMs < CPU_MS) {
    const { user, system } = process.cpuUsage(before);
    cpuMs = (user + system) / 1000;
  }
  return Math.max((performance.now() - started) / cpuMs, 1);
}
