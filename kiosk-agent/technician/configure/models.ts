import { z } from 'zod'
import { describedDriverIds, findDriver, modelIds } from '../../../devices/registry.ts'
import type { Model } from '../../api/technician-contract.ts'

/** Every model this software knows, with the JSON Schema its form is made of. Loads all drivers: only for whoever asks. */
export async function allModels(): Promise<Model[]> {
  const ids = [...modelIds, ...(await describedDriverIds())]
  const drivers = await Promise.all(ids.map(findDriver))
  return drivers.flatMap((driver) => {
    if (!driver) return []
    const { id, kind, label } = driver
    return [
      {
        driver: id,
        label,
        kind,
        options: z.toJSONSchema(driver.options, { io: 'input', unrepresentable: 'any' }),
      },
    ]
  })
}
