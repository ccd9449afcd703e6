import type { Paper, PaperItem } from '../../kiosk-agent/api/contract.ts'
import { bitmapPath } from '../components/bitmap-path.ts'
import { textRuns } from './dots.ts'

const marginDots = 24

/** A slip as it left the printer: one unit of the drawing is one dot of the head. */
export function Slip({ paper, label }: { readonly paper: Paper; readonly label: string }) {
  const width = paper.widthDots + 2 * marginDots
  const height = paper.heightDots + 2 * marginDots
  return (
    <svg
      class="slip"
      viewBox={`${-marginDots} ${-marginDots} ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <rect class="slip-paper" x={-marginDots} y={-marginDots} width={width} height={height} />
      {paper.items.map((item, index) => (
        // Items of a printed slip never move or change.
        <Item key={index} item={item} widthDots={paper.widthDots} />
      ))}
    </svg>
  )
}

function Item({ item, widthDots }: { readonly item: PaperItem; readonly widthDots: number }) {
  if (item.type === 'bitmap')
    return (
      <path
        class="slip-ink"
        d={bitmapPath(item.rows)}
        transform={`translate(${item.x} ${item.y}) scale(${item.scale})`}
        shape-rendering="crispEdges"
      />
    )
  if (item.type === 'cut')
    return (
      <path
        class={item.partial ? 'slip-cut slip-cut-partial' : 'slip-cut'}
        d={`M${-marginDots} ${item.y}H${widthDots + marginDots}`}
      />
    )
  return <TextItem item={item} />
}

function TextItem({ item }: { readonly item: Extract<PaperItem, { type: 'text' }> }) {
  return (
    <g class={item.inverse ? 'slip-text slip-inverse' : 'slip-text'}>
      {item.inverse && (
        <rect class="slip-ink" x={item.x} y={item.y} width={item.width} height={item.height} />
      )}
      {textRuns(item).map((run) => (
        <text
          key={run.x}
          x={run.x}
          // Han characters sit on 12 % of their square below the baseline.
          y={item.y + item.height * 0.86}
          font-size={item.height * 0.98}
          font-weight={item.bold ? 700 : 450}
          textLength={run.width}
          lengthAdjust="spacingAndGlyphs"
        >
          {run.text}
        </text>
      ))}
      {item.underline && (
        <path class="slip-underline" d={`M${item.x} ${item.y + item.height - 1}h${item.width}`} />
      )}
    </g>
  )
}
