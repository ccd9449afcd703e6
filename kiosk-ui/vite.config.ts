import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** The screens, built once and served by the agent from its own origin under `default-src 'self'`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'chrome120',
    // A font or picture inlined as data: would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'technician.html'].map((page) => fileURLToPath(new URL(page, import.meta.url))),
    },
  },
})
