import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Permission } from "../api/types";

/** A label that only the console shows, so that the phone need not carry it. */
export interface Label {
  zh: string;
  en: string;
}

export interface PageEntry {
  path: string;
  label: Label;
  group: Label;
  /** Who is offered the page: holders of this permission. */
  permission: Permission;
  page: LazyExoticComponent<ComponentType>;
}

const GROUPS = {
  run: { zh: "调度", en: "Dispatch" },
  vehicles: { zh: "车辆", en: "Vehicles" },
  people: { zh: "机构与人员", en: "Organisations and people" },
  rules: { zh: "规则与日历", en: "Rules and calendar" },
  audit: { zh: "监督核查", en: "Audit" },
  rights: { zh: "权限与留痕", en: "Rights and journal" },
} satisfies Record<string, Label>;

/** The console's pages in the order of the navigation; `/…/:id` opens an entry of the same page. */
export const PAGES: PageEntry[] = [
  {
    path: "/",
    label: { zh: "实时地图", en: "Live map" },
    group: GROUPS.run,
    permission: "live.read",
    page: lazy(() => import("../map/MapPage")),
  },
  {
    path: "/queue",
    label: { zh: "派车", en: "Dispatch" },
    group: GROUPS.run,
    permission: "order.assign",
    page: lazy(() => import("../requests/QueuePage")),
  },
  {
    path: "/approvals",
    label: { zh: "审批", en: "Approvals" },
    group: GROUPS.run,
    permission: "request.approve",
    page: lazy(() => import("../requests/ApprovalsPage")),
  },
  {
    path: "/orders",
    label: { zh: "派车任务", en: "Orders" },
    group: GROUPS.run,
    permission: "order.read",
    page: lazy(() => import("../orders/OrdersPage")),
  },
  {
    path: "/board",
    label: { zh: "看板", en: "Board" },
    group: GROUPS.run,
    permission: "order.read",
    page: lazy(() => import("../board/BoardPage")),
  },
  {
    path: "/plans",
    label: { zh: "预约与排班", en: "Bookings and plans" },
    group: GROUPS.run,
    permission: "order.assign",
    page: lazy(() => import("../plans/PlansPage")),
  },
  {
    path: "/missions",
    label: { zh: "保障任务", en: "Missions" },
    group: GROUPS.run,
    permission: "request.read",
    page: lazy(() => import("../missions/MissionsPage")),
  },
  {
    path: "/mobilisations",
    label: { zh: "应急调用", en: "Mobilisations" },
    group: GROUPS.run,
    permission: "order.read",
    page: lazy(() => import("../missions/MobilisationsPage")),
  },
  {
    path: "/vehicles",
    label: { zh: "车辆", en: "Vehicles" },
    group: GROUPS.vehicles,
    permission: "vehicle.read",
    page: lazy(() => import("../vehicles/VehiclesPage")),
  },
  {
    path: "/custodies",
    label: { zh: "领用登记", en: "Custody" },
    group: GROUPS.vehicles,
    permission: "custody.read",
    page: lazy(() => import("../register/CustodiesPage")),
  },
  {
    path: "/terminals",
    label: { zh: "车载终端", en: "Terminals" },
    group: GROUPS.vehicles,
    permission: "terminal.read",
    page: lazy(() => import("../register/TerminalsPage")),
  },
  {
    path: "/applications",
    label: { zh: "车辆申请", en: "Applications" },
    group: GROUPS.vehicles,
    permission: "application.read",
    page: lazy(() => import("../register/ApplicationsPage")),
  },
  {
    path: "/quotas",
    label: { zh: "编制", en: "Quotas" },
    group: GROUPS.vehicles,
    permission: "quota.read",
    page: lazy(() => import("../register/QuotasPage")),
  },
  {
    path: "/standards",
    label: { zh: "配备标准", en: "Standards" },
    group: GROUPS.vehicles,
    permission: "standard.read",
    page: lazy(() => import("../register/StandardsPage")),
  },
  {
    path: "/duplicates",
    label: { zh: "疑似重复", en: "Duplicates" },
    group: GROUPS.vehicles,
    permission: "vehicle.write",
    page: lazy(() => import("../register/DuplicatesPage")),
  },
  {
    path: "/organisations",
    label: { zh: "机构", en: "Organisations" },
    group: GROUPS.people,
    permission: "organisation.read",
    page: lazy(() => import("../register/OrganisationsPage")),
  },
  {
    path: "/people",
    label: { zh: "人员", en: "People" },
    group: GROUPS.people,
    permission: "person.read",
    page: lazy(() => import("../register/PeoplePage")),
  },
  {
    path: "/drivers",
    label: { zh: "驾驶员", en: "Drivers" },
    group: GROUPS.people,
    permission: "driver.read",
    page: lazy(() => import("../register/DriversPage")),
  },
  {
    path: "/rosters",
    label: { zh: "值班表", en: "Roster" },
    group: GROUPS.people,
    permission: "roster.read",
    page: lazy(() => import("../register/RostersPage")),
  },
  {
    path: "/rules",
    label: { zh: "规则", en: "Rules" },
    group: GROUPS.rules,
    permission: "rule.read",
    page: lazy(() => import("../register/RulesPage")),
  },
  {
    path: "/calendar",
    label: { zh: "工作日历", en: "Calendar" },
    group: GROUPS.rules,
    permission: "calendar.read",
    page: lazy(() => import("../register/CalendarPage")),
  },
  {
    path: "/sealings",
    label: { zh: "封存", en: "Sealings" },
    group: GROUPS.rules,
    permission: "sealing.read",
    page: lazy(() => import("../register/SealingsPage")),
  },
  {
    path: "/findings",
    label: { zh: "疑点", en: "Findings" },
    group: GROUPS.audit,
    permission: "finding.read",
    page: lazy(() => import("../findings/FindingsPage")),
  },
  {
    path: "/reports/explained",
    label: { zh: "里程核对", en: "Explained kilometres" },
    group: GROUPS.audit,
    permission: "report.read",
    page: lazy(() => import("../reports/ExplainedPage")),
  },
  {
    path: "/reports/publicity",
    label: { zh: "内部公示", en: "Publicity" },
    group: GROUPS.audit,
    permission: "report.read",
    page: lazy(() => import("../reports/PublicityPage")),
  },
  {
    path: "/mandates",
    label: { zh: "职权", en: "Mandates" },
    group: GROUPS.rights,
    permission: "mandate.write",
    page: lazy(() => import("../register/MandatesPage")),
  },
  {
    path: "/grants",
    label: { zh: "外部监督授权", en: "Supervision grants" },
    group: GROUPS.rights,
    permission: "grant.read",
    page: lazy(() => import("../register/GrantsPage")),
  },
  {
    path: "/journal",
    label: { zh: "留痕记录", en: "Journal" },
    group: GROUPS.rights,
    permission: "journal.read",
    page: lazy(() => import("../register/JournalPage")),
  },
  {
    path: "/holds",
    label: { zh: "证据保全", en: "Legal holds" },
    group: GROUPS.rights,
    permission: "hold.read",
    page: lazy(() => import("../register/HoldsPage")),
  },
  {
    path: "/retention",
    label: { zh: "留存", en: "Retention" },
    group: GROUPS.rights,
    permission: "retention.read",
    page: lazy(() => import("../register/RetentionPage")),
  },
];
