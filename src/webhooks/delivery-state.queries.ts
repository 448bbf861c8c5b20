import type { EntityManager } from 'typeorm';

/** Figures of webhooks, for metrics and alarms. */
export interface DeliveryFigures {
  pending: number;
  /** Of endpoints that take what they are sent and may be sent something; 0 when nothing is due. */
  lagSeconds: number;
  /** How many, by state; FAILING beside those of `EndpointState`. */
  endpoints: Record<string, number>;
}

/** The figures at a moment. By hand: sums over what has not ended, by the indexes of that. */
export async function deliveryState(manager: EntityManager, now: Date): Promise<DeliveryFigures> {
  const [figures] = await manager.query<[DeliveryFigures]>(
    `select (select count(*)::float8 from delivery where state = 'PENDING') as pending,
       greatest(coalesce(extract(epoch from $1::timestamptz - (
         select min(d.next_at) from endpoint e cross join lateral (
           select d.next_at from delivery d where d.endpoint_uuid = e.uuid and d.state = 'PENDING' order by d.next_at limit 1) d
         where e.state = 'ACTIVE' and e.failing_since is null and (e.not_before is null or e.not_before <= $1))), 0), 0)::float8 as "lagSeconds",
       coalesce((select json_object_agg(state, n) from (
         select case when state = 'ACTIVE' and failing_since is not null then 'FAILING' else state end as state, count(*) as n
         from endpoint group by 1) s), '{}') as endpoints`,
    [now],
  );
  return figures;
}
