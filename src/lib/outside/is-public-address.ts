import ipaddr from 'ipaddr.js';

/** Where clouds keep what only the machine itself should ask, though the address looks like any other: Azure's. */
const metadata = ['168.63.129.16'];

/** Of IPv6, all that has been given out for the open internet (IANA): 2000::/3. */
const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * Whether an IP address, as a resolver or `URL` writes it, is one of the open internet: no loopback, private, link-local, shared, multicast, reserved or
 * documentation address (IANA's special-purpose registries), and none of IPv6 that stands for one of IPv4 (mapped, compatible, NAT64, 6to4,
 * Teredo, ISATAP), whichever that is. What is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || metadata.includes(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed instanceof ipaddr.IPv4) return ipaddr.IPv4.isValidFourPartDecimal(address);
  const v6 = parsed as ipaddr.IPv6;
  return v6.zoneId === undefined && v6.match(globalUnicast) && !isIsatap(v6);
}

/** RFC 5214: an interface that is named after an address of IPv4. */
const isIsatap = ({ parts }: ipaddr.IPv6): boolean => (parts[4]! & ~0x200) === 0 && parts[5] === 0x5efe;
