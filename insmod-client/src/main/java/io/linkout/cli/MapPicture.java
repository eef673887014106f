package io.linkout.cli;

import io.linkout.rpc.MemoryRegion;
import java.util.List;

/**
 * The address space as an SVG picture: one bar a region, lowest address at the bottom as in a
 * kernel's own documentation. Heights grow with the logarithm of the size, since a page and the
 * direct map differ by nine powers of ten; gaps are drawn as thin breaks.
 */
final class MapPicture {
  private static final int WIDTH = 860;
  private static final int LEFT = 190;
  private static final int BAR = 240;
  private static final int LINE = 9;

  private MapPicture() {}

  /** Returns the document. {@code regions} are sorted by address. */
  static String svg(List<MemoryRegion> regions) {
    StringBuilder bars = new StringBuilder();
    int y = 20;
    for (int i = regions.size() - 1; i >= 0; i--) {
      MemoryRegion region = regions.get(i);
      boolean gap =
          i + 1 < regions.size()
              && regions.get(i + 1).address() != region.address() + region.size();
      y += gap ? 8 : 0;
      int height = 14 + 2 * (63 - Long.numberOfLeadingZeros(Math.max(4096, region.size()) >> 12));
      bar(bars, region, y, height);
      y += height;
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""
        + WIDTH
        + "\" height=\""
        + (y + 20)
        + "\" font-family=\"monospace\" font-size=\"11\">\n"
        + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
        + bars
        + "</svg>\n";
  }

  private static void bar(StringBuilder out, MemoryRegion region, int y, int height) {
    out.append("<rect x=\"").append(LEFT).append("\" y=\"").append(y);
    out.append("\" width=\"").append(BAR).append("\" height=\"").append(height);
    out.append("\" fill=\"").append(colour(region.protection()));
    out.append("\" stroke=\"black\" stroke-width=\"0.5\"/>\n");
    int base = y + height - (height - LINE) / 2;
    text(out, 12, base, "0x" + Numbers.hex16(region.address()));
    text(out, LEFT + 8, base, region.protection() + " " + size(region.size()));
    String owner = region.owner().isEmpty() ? "" : " [" + region.owner() + "]";
    text(out, LEFT + BAR + 12, base, region.what() + owner);
  }

  private static void text(StringBuilder out, int x, int y, String text) {
    out.append("<text x=\"").append(x).append("\" y=\"").append(y).append("\">");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        default -> out.append(c < ' ' ? '?' : c);
      }
    }
    out.append("</text>\n");
  }

  private static String colour(String protection) {
    if (protection.indexOf('x') >= 0) {
      return "#f4c7a1";
    }
    if (protection.indexOf('w') >= 0) {
      return "#b9d7ea";
    }
    return protection.indexOf('r') >= 0 ? "#cfe8cf" : "#e6e6e6";
  }

  private static String size(long bytes) {
    if (bytes % (1 << 30) == 0) {
      return (bytes >> 30) + " GiB";
    }
    if (bytes % (1 << 20) == 0) {
      return (bytes >> 20) + " MiB";
    }
    return bytes % 1024 == 0 ? (bytes >> 10) + " KiB" : bytes + " B";
  }
}
