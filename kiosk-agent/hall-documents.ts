import { checkConfig } from '../config/read-config.ts'
import { type Hall, hallSchema } from '../config/schemas/hall.ts'
import { type RuleSet, ruleSetSchema } from '../config/schemas/rule-set.ts'
import type { HallStore } from './hall/hall-store.ts'

/** The documents of a hall that govern a terminal. What stands in the hall store wins over the files they were seeded from. */
export interface GoverningDocuments {
  readonly hall: Hall
  readonly rules: { readonly set: RuleSet; readonly version: number }
}

/** Reads hall and rules from the store, seeding them from the configuration where the store has none. */
export async function governingDocuments(
  store: Pick<HallStore, 'document' | 'putDocument'>,
  seed: { readonly hall: Hall; readonly rules: RuleSet },
  at: number,
): Promise<GoverningDocuments> {
  const seeded = async (name: string, body: unknown) =>
    (await store.document(name)) ?? (await store.putDocument(name, body, 'config', at))
  const hall = await seeded('hall', seed.hall)
  const rules = await seeded(`rules/${seed.rules.name}`, seed.rules)
  return {
    hall: checkConfig('hall store, document "hall"', hall.body, hallSchema),
    rules: {
      set: checkConfig(`hall store, document "${rules.name}"`, rules.body, ruleSetSchema),
      version: rules.version,
    },
  }
}
