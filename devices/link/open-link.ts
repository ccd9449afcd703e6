import type { OpenLink } from './link.ts'

/** Opens a stream link of any type. What a type needs is loaded when the first device of that type is opened. */
export const openLink: OpenLink = async (options, signal) => {
  switch (options.type) {
    case 'serial': {
      const { openSerial } = await import('./serial.ts')
      return openSerial(options, signal)
    }
    case 'tcp': {
      const { openTcp } = await import('./tcp.ts')
      return openTcp(options, signal)
    }
    case 'file': {
      const { openFile } = await import('./file.ts')
      return openFile(options, signal)
    }
  }
}
