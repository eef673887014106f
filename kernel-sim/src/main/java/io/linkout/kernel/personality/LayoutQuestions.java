package io.linkout.kernel.personality;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What is asked of a kernel's headers, and the C file that asks it: each answer becomes a string in
 * the compiler's assembly output, so that nothing is ever linked or run.
 */
final class LayoutQuestions {
  /** Marks an answer in the assembly. */
  static final String MARK = "->";

  /**
   * Name of the file that {@code #line} makes the compiler blame, so that its errors name a
   * question.
   */
  static final String BLAMED = "linkout-layout-question";

  private record Question(String name, String expression) {}

  private final List<String> includes = new ArrayList<>();
  private final List<Question> questions = new ArrayList<>();

  /**
   * Reads the questions, one line each.
   *
   * @throws IllegalArgumentException if a line is of no known form
   */
  LayoutQuestions(String text) {
    text.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty() && !l.startsWith("#"))
        .forEach(this::add);
  }

  private void add(String line) {
    String[] words = line.split(" ", 3);
    switch (words[0]) {
      case "include" -> includes.add(words[1]);
      case "type" -> questions.add(new Question("sizeof." + words[1], "sizeof(" + words[1] + ")"));
      case "constant" -> questions.add(new Question(words[1], words[2]));
      case "struct" -> addStructure(words[1], words[2]);
      default -> throw new IllegalArgumentException("not a question of a layout: " + line);
    }
  }

  private void addStructure(String structure, String fields) {
    questions.add(new Question("sizeof." + structure, "sizeof(struct " + structure + ")"));
    for (String field : fields.split(" ", -1)) {
      questions.add(
          new Question(
              structure + "." + field,
              "__builtin_offsetof(struct " + structure + ", " + field + ")"));
    }
  }

  int count() {
    return questions.size();
  }

  /** Returns the C file that asks all but the questions in {@code dropped}. */
  String program(BitSet dropped) {
    StringBuilder c = new StringBuilder();
    includes.forEach(header -> c.append("#include <").append(header).append(">\n"));
    c.append("void linkout_layout(void)\n{\n");
    for (int i = 0; i < questions.size(); i++) {
      if (!dropped.get(i)) {
        Question question = questions.get(i);
        c.append("#line ").append(i + 1).append(" \"").append(BLAMED).append("\"\n");
        c.append("asm volatile(\"\\n.ascii \\\"" + MARK)
            .append(question.name())
            .append(" %c0\\\"\" : : \"i\" ((unsigned long)(")
            .append(question.expression())
            .append(")));\n");
      }
    }
    return c.append("}\n").toString();
  }
}
