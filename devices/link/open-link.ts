import type {
  AnyLink,
  HidOptions,
  HttpLink,
  HttpOptions,
  LinkOptions,
  PipesLink,
  ReportLink,
  StreamLink,
  StreamOptions,
  UsbOptions,
} from './link.ts'

/** Opens a link of any type. What a type needs is loaded when the first device of that type is opened. */
export function openLink(options: StreamOptions, signal: AbortSignal): Promise<StreamLink>
export function openLink(options: HidOptions, signal: AbortSignal): Promise<ReportLink>
export function openLink(options: UsbOptions, signal: AbortSignal): Promise<PipesLink>
export function openLink(options: HttpOptions, signal: AbortSignal): Promise<HttpLink>
export function openLink(options: LinkOptions, signal: AbortSignal): Promise<AnyLink>
export async function openLink(options: LinkOptions, signal: AbortSignal): Promise<AnyLink> {
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
    case 'hid': {
      const { openHid } = await import('./hid.ts')
      return openHid(options, signal)
    }
    case 'usb': {
      const { openUsb } = await import('./usb.ts')
      return openUsb(options, signal)
    }
    case 'http': {
      const { openHttp } = await import('./http.ts')
      return openHttp(options, signal)
    }
  }
}
