import { z } from 'zod'
import type { Driver } from './driver.ts'
import { DeviceError } from './errors.ts'

/**
 * Every model this software knows, by the id written in settings. A model is loaded when the first device of it is
 * configured, so a terminal never pays for hardware it does not have.
 */
const models = {
  'sam-serial': async () => (await import('./id-card-readers/sam-serial/driver.ts')).samSerial,
  'line-scanner': async () => (await import('./code-scanners/line-scanner/driver.ts')).lineScanner,
  'gy-614v': async () => (await import('./thermometers/gy-614v/driver.ts')).gy614v,
  'modbus-relay': async () => (await import('./gates/modbus-relay/driver.ts')).modbusRelay,
  escpos: async () => (await import('./receipt-printers/escpos/driver.ts')).escpos,
}

export type ModelId = keyof typeof models
export const modelIds = Object.keys(models) as ModelId[]

/** A configured device whose options were checked. */
export interface ConfiguredDevice {
  readonly id: string
  readonly driver: Driver
  readonly options: unknown
}

/** Looks a model up and checks a device's options against it. Rejects with `bad-config` that names the wrong key. */
export async function configureDevice(device: {
  readonly id: string
  readonly driver: string
  readonly options: unknown
}): Promise<ConfiguredDevice> {
  if (!isModelId(device.driver)) {
    throw new DeviceError(
      'bad-config',
      `device "${device.id}": no driver is called "${device.driver}"; known are ${modelIds.join(', ')}`,
    )
  }
  const driver = (await models[device.driver]()) as unknown as Driver
  const options = driver.options.safeParse(device.options)
  if (options.success) return { id: device.id, driver, options: options.data }
  throw new DeviceError(
    'bad-config',
    `device "${device.id}" (${device.driver}), options: ${z.prettifyError(options.error).replaceAll('\n', ' ')}`,
  )
}

function isModelId(id: string): id is ModelId {
  return Object.hasOwn(models, id)
}
