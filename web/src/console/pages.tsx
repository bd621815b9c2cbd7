import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Permission } from "../api/types";
import type { Key } from "../i18n/zh";

export interface PageEntry {
  path: string;
  label: Key;
  group: Key;
  /** Who is offered the page: holders of this permission. */
  permission: Permission;
  page: LazyExoticComponent<ComponentType>;
}

/** The console's pages in the order of the navigation; `/…/:id` opens an entry of the same page. */
export const PAGES: PageEntry[] = [
  {
    path: "/",
    label: "nav.live",
    group: "nav.group.run",
    permission: "live.read",
    page: lazy(() => import("../map/MapPage")),
  },
  {
    path: "/queue",
    label: "nav.queue",
    group: "nav.group.run",
    permission: "order.assign",
    page: lazy(() => import("../requests/QueuePage")),
  },
  {
    path: "/approvals",
    label: "nav.approvals",
    group: "nav.group.run",
    permission: "request.approve",
    page: lazy(() => import("../requests/ApprovalsPage")),
  },
  {
    path: "/orders",
    label: "nav.orders",
    group: "nav.group.run",
    permission: "order.read",
    page: lazy(() => import("../orders/OrdersPage")),
  },
  {
    path: "/vehicles",
    label: "nav.vehicles",
    group: "nav.group.register",
    permission: "vehicle.read",
    page: lazy(() => import("../vehicles/VehiclesPage")),
  },
  {
    path: "/findings",
    label: "nav.findings",
    group: "nav.group.audit",
    permission: "finding.read",
    page: lazy(() => import("../findings/FindingsPage")),
  },
  {
    path: "/reports/explained",
    label: "nav.explained",
    group: "nav.group.audit",
    permission: "report.read",
    page: lazy(() => import("../reports/ExplainedPage")),
  },
  {
    path: "/reports/publicity",
    label: "nav.publicity",
    group: "nav.group.audit",
    permission: "report.read",
    page: lazy(() => import("../reports/PublicityPage")),
  },
];
