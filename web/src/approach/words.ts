/** The words of the way to the passenger, in both languages; they load with their parts. */
import { sayingOf } from "../i18n/chunkWords";

export const useWords = sayingOf({
  heading: ["我的车辆", "My vehicle"],
  arrives: ["预计到达", "Arrives in"],
  minutes: ["分钟", "min"],
  soon: ["即将到达", "Arriving now"],
  at: ["{time} 到上车点", "At the pick-up by {time}"],
  promised: ["约定 {time} 上车", "Promised for {time}"],
  here: ["车辆已到上车点", "The vehicle is at the pick-up"],
  under_way: ["行程中", "Under way"],
  from: [
    "{time} 起，或出车后，显示车辆位置",
    "Its position is shown from {time}, or once it departs",
  ],
  unknown: ["正在等待车辆定位", "Waiting for the vehicle's position"],
  late: ["预计比约定时间晚 {n} 分钟", "About {n} minutes later than promised"],
  away: ["车辆距上车点 {n} 公里，{age}前定位", "{n} km from the pick-up, seen {age} ago"],
  stale: [
    "车辆定位已过 {age}，暂不能估算到达时间",
    "Last seen {age} ago: its arrival can't be told",
  ],
  straight_line: ["按直线距离估算", "Estimated by straight line"],
  offline: ["网络中断；以下为 {time} 的情况", "No network; this was so at {time}"],
  call: ["联系驾驶员", "Call the driver"],
  map: ["地图：车辆与上车点", "Map: the vehicle and the pick-up"],
  noMap: ["此浏览器不能显示地图", "This browser can't show the map"],
  centre: ["显示车辆与上车点", "Show vehicle and pick-up"],
  steps: ["办理进度", "Progress"],
  pick_up: ["上车点", "Pick-up"],
  other: ["看这辆车", "Show this vehicle"],
} as const);
