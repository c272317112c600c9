import { defineConfig } from '@playwright/test';

/** The least that a Playwright run of an API test can be: what a contract run is measured against. */
export default defineConfig({
  testDir: '.',
  testMatch: 'bare.spec.ts',
  workers: 1,
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'bare-report' }]],
});
