/** One point of the graphics card is one vehicle; its shape is drawn by distance in the pixel. */

export const VERTEX = `#version 300 es
uniform mat4 u_matrix;
uniform float u_size;
uniform float u_picked;
in vec2 a_at;
in float a_course;
in vec4 a_colour;
in float a_shape;
out vec4 v_colour;
out vec2 v_turn;
out float v_shape;
out float v_picked;
void main() {
  gl_Position = u_matrix * vec4(a_at, 0.0, 1.0);
  v_picked = u_picked == float(gl_VertexID) ? 1.0 : 0.0;
  gl_PointSize = u_size * (1.0 + 0.35 * v_picked);
  v_colour = a_colour;
  v_turn = vec2(cos(a_course), sin(a_course));
  v_shape = a_shape;
}`;

export const FRAGMENT = `#version 300 es
precision highp float;
uniform float u_size;
in vec4 v_colour;
in vec2 v_turn;
in float v_shape;
in float v_picked;
out vec4 colour;

float disc(vec2 p, float r) { return length(p) - r; }

// An arrow head with a notch, pointing north.
float arrow(vec2 p) {
  p.x = abs(p.x);
  float side = dot(p - vec2(0.0, -0.86), normalize(vec2(0.86, -0.5)));
  float notch = dot(p - vec2(0.0, 0.34), normalize(vec2(-0.5, 0.86)));
  return max(max(side, notch), p.y - 0.8);
}

// A kite, its long end north.
float kite(vec2 p) {
  p.x = abs(p.x);
  float ahead = dot(p - vec2(0.0, -0.92), normalize(vec2(0.92, -0.56)));
  float behind = dot(p - vec2(0.0, 0.66), normalize(vec2(0.66, 0.62)));
  return max(ahead, behind);
}

void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.0;
  vec2 q = vec2(p.x * v_turn.x + p.y * v_turn.y, -p.x * v_turn.y + p.y * v_turn.x);
  float edge = 2.0 / u_size;
  float d = disc(p, 0.44);
  if (v_shape > 2.5) d = abs(disc(p, 0.42)) - 0.12;
  else if (v_shape > 1.5) d = kite(q);
  else if (v_shape > 0.5) d = arrow(q);
  float fill = 1.0 - smoothstep(-edge, edge, d);
  float rim = 1.0 - smoothstep(-edge, edge, d - 0.13);
  float a = v_colour.a;
  vec3 rimColour = mix(vec3(1.0), vec3(0.06, 0.12, 0.2), v_picked);
  vec4 under = vec4(rimColour, 1.0) * rim * a;
  vec4 over = vec4(v_colour.rgb, 1.0) * fill * a;
  colour = over + under * (1.0 - fill);
}`;
