// Puts the message of lab_reel.py together again: pictures of a byte a pixel, parameters, curves.
const inflate = async (text) => {
  const packed = new Blob([unpack(text, Uint8Array)]).stream()
  const stream = packed.pipeThrough(new DecompressionStream("deflate"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

// In place: a pixel is what it says, plus the pixel to its left, plus the pixel of the frame before.
const undoDifferences = (bytes, frames, size, side) => {
  for (let frame = 0; frame < frames; frame++) {
    const start = frame * size
    for (let i = 0; i < size; i++) if (i % side) bytes[start + i] += bytes[start + i - 1]
    if (frame) for (let i = 0; i < size; i++) bytes[start + i] += bytes[start + i - size]
  }
}

const undoPlanes = (bytes, frames) => {
  const count = bytes.length / 4
  const bits = new Uint32Array(count)
  const width = count / frames
  for (let i = 0; i < count; i++) {
    const moved = bytes[i] | (bytes[count + i] << 8) | (bytes[2 * count + i] << 16) | (bytes[3 * count + i] << 24)
    bits[i] = (i < width ? 0 : bits[i - width]) + moved
  }
  return new Float32Array(bits.buffer)
}

const readFilm = async (message) => {
  const parts = [message.pictures, message.parameters, message.input_pictures].map(inflate)
  const [pictures, packed, inputs] = await Promise.all(parts)
  const { shown, side, unit_side: unitSide } = message
  const frames = message.epochs.length
  const layers = shown.length - 1
  const stacks = []
  let start = 0
  for (let layer = 0; layer < layers; layer++) { // the answer first, then each hidden layer
    const edge = layer ? unitSide : side
    const size = (layer ? shown[layer] : 1) * edge * edge
    const bytes = pictures.subarray(start, start + frames * size)
    undoDifferences(bytes, frames, size, edge)
    stacks.push({ bytes, size, edge })
    start += frames * size
  }
  const pixels = (stack, frame, place) => {
    const area = stack.edge * stack.edge
    const first = frame * stack.size + place * area
    return stack.bytes.subarray(first, first + area)
  }

  const parameters = undoPlanes(packed, frames)
  const width = parameters.length / frames
  const offsets = []
  let offset = 0
  for (let layer = 1; layer <= layers; layer++) {
    const [ins, outs] = [shown[layer - 1], shown[layer]]
    offsets[layer] = { W: offset, b: offset + ins * outs, scale: offset + (ins + 1) * outs, outs }
    offset += (ins + 1 + (message.normalized[layer - 1] ? 2 : 0)) * outs
  }
  const number = (frame, index) => parameters[frame * width + index]
  const weight = (frame, layer, from, to) =>
    number(frame, offsets[layer].W + from * offsets[layer].outs + to)
  let strongest = 0
  for (let layer = 1; layer <= layers; layer++) {
    for (let frame = 0; frame < frames; frame++) {
      const first = frame * width + offsets[layer].W
      const last = frame * width + offsets[layer].scale
      for (let i = first; i < last; i++) strongest = Math.max(strongest, Math.abs(parameters[i]))
    }
  }
  const doubles = (text) => text && unpack(text, Float64Array)
  const entries = Object.entries
  const points = unpack(message.points)
  return {
    ...message,
    last: frames - 1,
    layers,
    strongest: strongest || 1,
    answer: (frame) => pixels(stacks[0], frame, 0),
    input: (place) => {
      const area = message.input_side ** 2
      return inputs.subarray(place * area, (place + 1) * area)
    },
    unit: (frame, layer, place) => pixels(stacks[layer], frame, place),
    weight,
    bias: (frame, layer, to) => number(frame, offsets[layer].b + to),
    scale: (frame, layer, to) =>
      message.normalized[layer - 1]
        ? [0, 1].map((row) => number(frame, offsets[layer].scale + row * offsets[layer].outs + to))
        : null,
    points: Array.from({ length: points.length / 3 }, (_, i) => ({
      x: points[3 * i],
      y: points[3 * i + 1],
      label: points[3 * i + 2],
      test: i >= message.n_train,
    })),
    curves: Object.fromEntries(entries(message.curves).map(([name, text]) => [name, text && unpack(text)])),
    now: Object.fromEntries(entries(message.now).map(([name, text]) => [name, doubles(text)])),
  }
}
