package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkout.link.KernelNumber.NotANumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers are read as kstrto* reads them, to the last bit of each type. */
final class KernelNumberTest {
  @ParameterizedTest
  @CsvSource({
    "byte,255,255",
    "byte,0xff,255",
    "byte,0377,255",
    "byte,+1,1",
    "byte,0,0",
    "short,-32768,-32768",
    "short,32767,32767",
    "ushort,65535,65535",
    "int,-2147483648,-2147483648",
    "int,2147483647,2147483647",
    "int,-0x10,-16",
    "uint,4294967295,4294967295",
    "long,-9223372036854775808,-9223372036854775808",
    "ulong,18446744073709551615,-1",
    "ullong,0xffffffffffffffff,-1",
    "hexint,ff,255",
    "hexint,0xFFFFFFFF,4294967295",
    "hexint,010,16",
    "bool,y,1",
    "bool,Yes,1",
    "bool,1,1",
    "bool,on,1",
    "bool,true,1",
    "bool,N,0",
    "bool,0,0",
    "bool,off,0",
    "bool,false,0",
    "invbool,y,0",
    "invbool,n,1",
    "bint,1,1"
  })
  void accepted(String type, String text, long bits) throws NotANumber {
    assertThat(type(type).parse(text)).isEqualTo(bits);
  }

  @ParameterizedTest
  @CsvSource({
    "byte,256",
    "short,32768",
    "short,-32769",
    "ushort,65536",
    "int,2147483648",
    "int,-2147483649",
    "uint,4294967296",
    "long,9223372036854775808",
    "long,-9223372036854775809",
    "ulong,18446744073709551616",
    "ullong,99999999999999999999999",
    "hexint,100000000"
  })
  void outOfRange(String type, String text) {
    assertThat(failure(type, text).range()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "int,''",
    "int,abc",
    "int,1x",
    "int,08",
    "int,0x",
    "int,- 1",
    "int,--1",
    "int,+-1",
    "uint,-1",
    "byte,-0",
    "int,' 1'",
    "int,1.5",
    "int,٣",
    "hexint,xyz",
    "bool,maybe",
    "bool,''",
    "bool,o",
    "bool,2",
    "int,0xg"
  })
  void noNumber(String type, String text) {
    assertThat(failure(type, text).range()).isFalse();
  }

  @Test
  void oneNewlineMayFollow() throws NotANumber {
    assertThat(ParameterType.INT.parse("7\n")).isEqualTo(7);
    assertThat(failure("int", "7\n\n").range()).isFalse();
  }

  private static NotANumber failure(String type, String text) {
    NotANumber e = catchThrowableOfType(NotANumber.class, () -> type(type).parse(text));
    assertThat(e).as("%s must refuse '%s'", type, text).isNotNull();
    return e;
  }

  private static ParameterType type(String word) {
    ParameterType type = ParameterType.ofOps("param_ops_" + word);
    assertThat(type).isNotNull();
    return java.util.Objects.requireNonNull(type);
  }
}
