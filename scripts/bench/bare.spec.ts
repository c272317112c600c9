import { expect, test } from '@playwright/test';
import { OPERATIONS } from '../../src/catalogue/operations';

test('a session is created', async ({ request }) => {
  const base = process.env.BASE_URL ?? '';
  const response = await request.post(`${base}${OPERATIONS.create.path.slice(1)}`, { data: {} });
  expect(response.status()).toBe(201);
});
