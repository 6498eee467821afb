// Which Ed25519 keys may take the place of another: only those on which no two libraries
// could differ. Numbers of 255 bits, so this is slow, and done for new keys only.

import { unsigned } from "./bytes.js";

// The curve of RFC 8032: -x^2 + y^2 = 1 + d x^2 y^2 modulo P; ORDER is its prime order.
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));
const ROOT = power(2n, (P - 1n) / 4n);
const COFACTOR = 8n;

/** x, y, z and t = xy/z: the extended coordinates of RFC 8032, 5.1.4. */
const IDENTITY = [0n, 1n, 1n, 0n];

function mod(value) {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let [result, factor] = [1n, mod(base)];
  for (let rest = exponent; rest; rest >>= 1n) {
    if (rest & 1n) result = mod(result * factor);
    factor = mod(factor * factor);
  }
  return result;
}

// RFC 8032, 5.1.3; null where the key is no point, or not in its one spelling.
function pointOf(pub) {
  const whole = unsigned(pub.slice().reverse());
  const [sign, y] = [whole >> 255n, whole & ((1n << 255n) - 1n)];
  if (y >= P) return null;
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  const fits = (x) => mod(v * x * x) === u;
  let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
  if (!fits(x)) x = mod(x * ROOT);
  if (!fits(x) || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

// RFC 8032, 5.1.4
function added([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const [a, b] = [mod((y1 - x1) * (y2 - x2)), mod((y1 + x1) * (y2 + x2))];
  const [c, d] = [mod(2n * t1 * t2 * D), mod(2n * z1 * z2)];
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(factor, point) {
  let [total, doubled] = [IDENTITY, point];
  for (let rest = factor; rest; rest >>= 1n) {
    if (rest & 1n) total = added(total, doubled);
    doubled = added(doubled, doubled);
  }
  return total;
}

const isIdentity = ([x, y, z]) => x === 0n && y === z;

/** Say whether an Ed25519 key may be registered: canonical, and of the prime order. */
export function isStrong(pub) {
  const point = pub.length === 32 ? pointOf(pub) : null;
  if (!point || isIdentity(times(COFACTOR, point))) return false;
  return isIdentity(times(ORDER, point));
}
