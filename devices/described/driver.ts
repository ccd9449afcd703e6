import type { Driver } from '../driver.ts'
import { describedScanner } from './code-scanner.ts'
import type { Description } from './description.ts'
import { describedThermometer } from './thermometer.ts'

/** The driver of a device somebody described instead of programming it. */
export function describedDriver(description: Description): Driver {
  const driver =
    description.kind === 'thermometer' ? describedThermometer(description) : describedScanner(description)
  return driver as unknown as Driver
}
