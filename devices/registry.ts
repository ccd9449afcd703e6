import { join } from 'node:path'
import { z } from 'zod'
import type { Description } from './described/description.ts'
import type { Driver } from './driver.ts'
import { DeviceError } from './errors.ts'

/**
 * Every model this software knows, by the id written in settings. A model is loaded when the first device of it is
 * configured, so a terminal never pays for hardware it does not have.
 */
const models = {
  'sam-serial': async () => (await import('./id-card-readers/sam-serial/driver.ts')).samSerial,
  'sam-usb': async () => (await import('./id-card-readers/sam-usb/driver.ts')).samUsb,
  'sam-hid': async () => (await import('./id-card-readers/sam-hid/driver.ts')).samHid,
  'line-scanner': async () => (await import('./code-scanners/line-scanner/driver.ts')).lineScanner,
  vguang: async () => (await import('./code-scanners/vguang/driver.ts')).vguang,
  newland: async () => (await import('./code-scanners/newland/driver.ts')).newland,
  'zebra-ssi': async () => (await import('./code-scanners/zebra-ssi/driver.ts')).zebraSsi,
  honeywell: async () => (await import('./code-scanners/honeywell/driver.ts')).honeywell,
  gm65: async () => (await import('./code-scanners/gm65/driver.ts')).gm65,
  'hid-pos': async () => (await import('./code-scanners/hid-pos/driver.ts')).hidPos,
  'gy-614v': async () => (await import('./thermometers/gy-614v/driver.ts')).gy614v,
  'gy-90614': async () => (await import('./thermometers/gy-90614/driver.ts')).gy90614,
  'gy-mcu90640': async () => (await import('./thermometers/gy-mcu90640/driver.ts')).gyMcu90640,
  lu90614: async () => (await import('./thermometers/lu90614/driver.ts')).lu90614,
  'modbus-infrared': async () => (await import('./thermometers/modbus-infrared/driver.ts')).modbusInfrared,
  'hikvision-isapi': async () => (await import('./thermometers/hikvision-isapi/driver.ts')).hikvisionIsapi,
  'modbus-relay': async () => (await import('./gates/modbus-relay/driver.ts')).modbusRelay,
  'lcus-relay': async () => (await import('./gates/lcus-relay/driver.ts')).lcusRelay,
  'tripod-serial': async () => (await import('./gates/tripod-serial/driver.ts')).tripodSerial,
  'modbus-tcp-relay': async () => (await import('./gates/modbus-tcp-relay/driver.ts')).modbusTcpRelay,
  'modbus-io': async () => (await import('./auxiliaries/modbus-io/driver.ts')).modbusIo,
  'dcttech-hid-relay': async () =>
    (await import('./auxiliaries/dcttech-hid-relay/driver.ts')).dcttechHidRelay,
  escpos: async () => (await import('./receipt-printers/escpos/driver.ts')).escpos,
}

export type ModelId = keyof typeof models
export const modelIds = Object.keys(models) as ModelId[]

/** Devices that are described by data instead of programmed. */
const descriptions = join(import.meta.dirname, '../config/drivers')

/** The description of a driver without code; undefined for a model that has code or is not known. */
export async function findDescription(driverId: string): Promise<Description | undefined> {
  if (isModelId(driverId)) return undefined
  const { readDescription } = await import('./described/read-description.ts')
  return readDescription(descriptions, driverId)
}

/** The drivers without code that this installation has. */
export async function describedDriverIds(): Promise<string[]> {
  const { describedIds } = await import('./described/read-description.ts')
  return describedIds(descriptions)
}

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
  const driver = await findDriver(device.driver)
  if (!driver) {
    const known = [...modelIds, ...(await describedDriverIds())]
    throw new DeviceError(
      'bad-config',
      `device "${device.id}": no driver is called "${device.driver}"; known are ${known.join(', ')}`,
    )
  }
  const options = driver.options.safeParse(device.options)
  if (options.success) return { id: device.id, driver, options: options.data }
  throw new DeviceError(
    'bad-config',
    `device "${device.id}" (${device.driver}), options: ${z.prettifyError(options.error).replaceAll('\n', ' ')}`,
  )
}

/** The driver of this id, programmed or described; undefined when there is none. */
export async function findDriver(id: string): Promise<Driver | undefined> {
  if (isModelId(id)) return (await models[id]()) as unknown as Driver
  const description = await findDescription(id)
  if (!description) return undefined
  const { describedDriver } = await import('./described/driver.ts')
  return describedDriver(description)
}

function isModelId(id: string): id is ModelId {
  return Object.hasOwn(models, id)
}
