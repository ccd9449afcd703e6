import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withModels } from './models-page.ts'

/** `npm run devices:readme`: writes the table of models in `devices/README.md` anew. */
const page = join(import.meta.dirname, 'README.md')
await writeFile(page, await withModels(await readFile(page, 'utf8')))
