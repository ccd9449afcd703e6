import type { PaperForecast } from '../../paper/paper-forecast.ts'
import { type Check, check } from './check.ts'

/** Fewer than this do not last a morning. */
const FEW_SLIPS = 50

/** How long the paper will last, as far as the ledger and the printer's profile know. */
export function checkPaper(forecast: PaperForecast | undefined): Promise<Check> {
  return check({ check: 'paper' }, ({ good, limited, note }) => {
    if (!forecast) return
    const { slipsLeft, paper } = forecast
    if (slipsLeft === undefined) return paper === 'full' ? good('roll-unknown') : note('roll-unknown')
    if (slipsLeft < FEW_SLIPS) limited('slips-left', { slips: String(slipsLeft) })
    else good('slips-left', { slips: String(slipsLeft) })
  })
}
