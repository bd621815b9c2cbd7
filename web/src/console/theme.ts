import type { ThemeConfig } from "antd";

/** Calm and dense; every text colour here passes 4.5:1 on its ground (WCAG 2.2, 1.4.3). */
export const THEME: ThemeConfig = {
  cssVar: { key: "gongche" },
  token: {
    colorPrimary: "#1a5fb4",
    colorLink: "#1a5fb4",
    colorError: "#b42318",
    colorErrorHover: "#8f1b12",
    colorErrorActive: "#7a150d",
    colorText: "#1b2733",
    colorTextSecondary: "#4d5966",
    colorTextTertiary: "#5b6673",
    colorTextPlaceholder: "#6b6b6b",
    colorTextDisabled: "#6b7280",
    colorTextDescription: "#5b6673",
    colorBgLayout: "#f4f5f7",
    colorBorderSecondary: "#e6e8ec",
    borderRadius: 4,
    fontSize: 13,
    controlHeight: 30,
    motion: false,
    fontFamily:
      "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
  },
  components: {
    Table: {
      cellPaddingBlockSM: 7,
      cellPaddingInlineSM: 10,
      headerBg: "#f7f8fa",
      headerColor: "#4d5966",
      rowSelectedBg: "#e8f0fa",
      rowSelectedHoverBg: "#dfeaf8",
    },
  },
};
