package io.linkout.kernel.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void writesWhatItIsGiven() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("n", 1L);
    map.put("s", "a\"b\\c\nd\u00e9");
    map.put("b", true);
    map.put("l", List.of(1, "x", List.of(), Map.of()));
    assertThat(Json.write(map))
        .isEqualTo(
            "{\"n\": 1, \"s\": \"a\\\"b\\\\c\\u000ad\u00e9\", \"b\": true, \"l\": [1, \"x\", [],"
                + " {}]}");
  }
}
