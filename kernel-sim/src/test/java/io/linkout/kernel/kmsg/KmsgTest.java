package io.linkout.kernel.kmsg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The ring's bounds, followers, and clearing. */
class KmsgTest {
  private final AtomicLong clock = new AtomicLong(10);
  private final Kmsg log = new Kmsg(4, 400, clock::get);

  @Test
  void numbersAndStampsRecords() {
    log.log(6, "one\ntwo\n");
    clock.set(20);
    log.log(3, "three");
    assertThat(log.read(0, 10))
        .containsExactly(
            new LogRecord(0, 6, 0, 10, "one"),
            new LogRecord(1, 6, 0, 10, "two"),
            new LogRecord(2, 3, 0, 20, "three"));
    assertThat(log.read(1, 1)).extracting(LogRecord::text).containsExactly("two");
    assertThat(log.end()).isEqualTo(3);
  }

  @Test
  void keepsNoMoreRecordsThanItsCapacity() {
    for (int i = 0; i < 6; i++) {
      log.log(6, "r" + i);
    }
    assertThat(log.read(0, 10)).extracting(LogRecord::text).containsExactly("r2", "r3", "r4", "r5");
  }

  @Test
  void keepsNoMoreBytesThanItsCapacity() {
    log.log(6, "a");
    log.log(6, "x".repeat(200));
    log.log(6, "y".repeat(200));
    assertThat(log.read(0, 10)).extracting(LogRecord::sequence).containsExactly(2L);
    log.log(6, "z".repeat(5000));
    assertThat(log.read(0, 10)).extracting(LogRecord::sequence).containsExactly(3L);
  }

  @Test
  void clearingHidesWithoutRenumbering() {
    log.log(6, "a");
    log.clear();
    log.log(6, "b");
    assertThat(log.read(0, 10)).extracting(LogRecord::sequence).containsExactly(1L);
    log.clear(2);
    assertThat(log.read(0, 10)).isEmpty();
  }

  @Test
  void anOpenRecordKeepsItsTimeAndWakesNobody() {
    AtomicInteger wakes = new AtomicInteger();
    log.follow(wakes::incrementAndGet);
    log.store(0, 6, "op".getBytes(StandardCharsets.UTF_8), false);
    clock.set(99);
    assertThat(log.extend("en".getBytes(StandardCharsets.UTF_8), false, 100)).isTrue();
    assertThat(log.extend("x".repeat(96).getBytes(StandardCharsets.UTF_8), true, 100)).isFalse();
    assertThat(wakes).hasValue(0);
    log.log(5, "next");
    assertThat(log.read(0, 9))
        .containsExactly(new LogRecord(0, 6, 0, 10, "open"), new LogRecord(1, 5, 0, 99, "next"));
    assertThat(wakes).hasValue(1);
    assertThat(log.extend(new byte[1], true, 100)).isFalse();
  }

  @Test
  void aReaderThatWasOverrunSeesAGap() {
    for (int i = 0; i < 7; i++) {
      log.log(6, "r" + i);
    }
    assertThat(log.read(1, 10)).extracting(LogRecord::sequence).containsExactly(3L, 4L, 5L, 6L);
  }

  @Test
  void followersRunUntilTheyAreTakenOff() {
    AtomicInteger wakes = new AtomicInteger();
    Runnable wake = wakes::incrementAndGet;
    log.follow(wake);
    log.log(6, "a\nb");
    assertThat(wakes).hasValue(1);
    log.unfollow(wake);
    log.log(6, "c");
    assertThat(wakes).hasValue(1);
  }

  @Test
  void bytesThatAreNotUtf8StandForLatin1() {
    byte[] bytes = {'a', (byte) 0xe2, (byte) 0x82, (byte) 0xac, (byte) 0xff, (byte) 0xe2, 'b'};
    assertThat(LogText.decode(bytes)).isEqualTo("a\u20ac\u00ff\u00e2b");
    assertThat(LogText.decode(new byte[] {(byte) 0xe2, (byte) 0x82})).isEqualTo("\u00e2\u0082");
    assertThat(LogText.decode(new byte[0])).isEmpty();
    assertThat(LogText.decode("\ud83d\ude00".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("\ud83d\ude00");
  }
}
