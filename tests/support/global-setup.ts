import { builtScreens } from '../../kiosk-agent/built-screens.ts'

/** Builds the screens once, before test files start side by side and each would. */
export async function setup(): Promise<void> {
  await builtScreens()
}
