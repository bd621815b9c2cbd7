import { type ThemeConfig, theme } from "antd";

/** Calm and dense; every text colour here passes 4.5:1 on its ground (WCAG 2.2, 1.4.3). */
export const THEME: ThemeConfig = {
  cssVar: { key: "gongche" },
  token: {
    colorPrimary: "#1a5fb4",
    colorPrimaryHover: "#164f97",
    colorPrimaryActive: "#123f79",
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
    Button: {
      defaultHoverColor: "#164f97",
      defaultHoverBorderColor: "#164f97",
      defaultActiveColor: "#123f79",
      defaultActiveBorderColor: "#123f79",
    },
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

/** The same for the night; the ground is no pure black, so that text doesn't glare on it. */
export const DARK: ThemeConfig = {
  ...THEME,
  algorithm: theme.darkAlgorithm,
  token: {
    ...THEME.token,
    colorPrimary: "#2f6fb7",
    colorPrimaryHover: "#2a64a5",
    colorPrimaryActive: "#245a95",
    colorLink: "#74aef0",
    colorError: "#f0857d",
    colorErrorHover: "#f5a19b",
    colorErrorActive: "#f0857d",
    colorText: "#e4eaf1",
    colorTextSecondary: "#b9c4d0",
    colorTextTertiary: "#9fb0c0",
    colorTextPlaceholder: "#9fb0c0",
    colorTextDisabled: "#8b9aaa",
    colorTextDescription: "#9fb0c0",
    colorBgLayout: "#0f1721",
    colorBgContainer: "#17212d",
    colorBgElevated: "#1d2937",
    colorBorder: "#465668",
    colorBorderSecondary: "#2c3a4a",
  },
  components: {
    Button: {
      dangerColor: "#1b0d0c",
      defaultHoverColor: "#74aef0",
      defaultHoverBorderColor: "#74aef0",
      defaultActiveColor: "#9cc6f5",
      defaultActiveBorderColor: "#9cc6f5",
    },
    Table: {
      ...THEME.components?.Table,
      headerBg: "#1d2937",
      headerColor: "#b9c4d0",
      rowSelectedBg: "#1b3350",
      rowSelectedHoverBg: "#22405f",
    },
  },
};
