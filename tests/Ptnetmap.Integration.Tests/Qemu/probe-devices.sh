#!/bin/sh
# Runs in a test's guest: looks at the PCI devices, tries the registers, reports a name and a value a line.
pci=/sys/bus/pci/devices

# word DEVICE REGISTER: a register of an I/O BAR.
word() { dd if="$pci/$1/resource0" bs=4 count=1 skip="$(($2 / 4))" 2>/dev/null | hexdump -e '1/4 "%08x"'; }

# put DEVICE REGISTER BYTES: writes a register of an I/O BAR.
# shellcheck disable=SC2059 # the bytes are a format
put() { printf "$3" | dd of="$pci/$1/resource0" bs=4 count=1 seek="$(($2 / 4))" conv=notrunc 2>/dev/null; }

# bar DEVICE NUMBER: the address of a BAR.
bar() { sed -n "$(($2 + 1))p" "$pci/$1/resource" | cut -d ' ' -f 1; }

n=0
memdev=none ptnet0=none ptnet1=none
for path in "$pci"/*; do
    device="${path##*/}"
    case "$(cat "$path/vendor"):$(cat "$path/device")" in
        0x1b36:0x000c) name=memdev ;;
        0x1b36:0x000d) name="ptnet$n" n=$((n + 1)) ;;
        *) continue ;;
    esac
    echo 1 >"$path/enable"
    eval "$name=$device"
    echo "$name.id $(cat "$path/vendor") $(cat "$path/device") $(cat "$path/class")"
    echo "$name.config $(hexdump -v -n 84 -e '1/1 "%02x"' "$path/config")"
    for i in 0 1 2 3 4 5; do
        echo "$name.bar$i $(sed -n "$((i + 1))p" "$path/resource")"
    done
done

echo "memdev.size $(word "$memdev" 0) $(word "$memdev" 4)"
echo "memdev.memid $(word "$memdev" 8)"
echo "memdev.region $(devmem "$(($(bar "$memdev" 1) + 16))" 32)"
echo "ptnet0.mac $(word "$ptnet0" 12) $(word "$ptnet0" 8)"
echo "ptnet0.memid $(word "$ptnet0" 48)"
io="$(bar "$ptnet1" 0)"
echo "ptnet1.memid $(devmem "$((io + 48))" 32)"

# The first port's CSB in memory of the guest's (kept free by memmap=), through the I/O BAR.
for page in 0x8000000 0x8001000; do
    devmem "$page" 32 0 && devmem "$((page + 4))" 32 0
done
put "$ptnet0" 52 '\000\000\000\000'
put "$ptnet0" 56 '\000\000\000\010'
put "$ptnet0" 60 '\000\000\000\000'
put "$ptnet0" 64 '\000\020\000\010'
put "$ptnet0" 4 '\001\000\000\000'
echo "ptnet0.ptctl $(word "$ptnet0" 4)"
echo "ptnet0.free $((($(devmem 0x8001004 32) - $(devmem 0x8000000 32)) & 1023))"

# The second port's CSB in its own BAR 4, through the memory BAR.
csb="$(bar "$ptnet1" 4)"
echo "ptnet1.extension $(devmem "$((io + 112))" 32) $(devmem "$((io + 116))" 32)"
devmem "$((io + 120))" 32 1
devmem "$((io + 4))" 32 1
echo "ptnet1.ptctl $(devmem "$((io + 4))" 32)"
echo "ptnet1.free $((($(devmem "$((csb + 4096 + 4))" 32) - $(devmem "$csb" 32)) & 1023))"

# One frame from the first port to the second: head and cur move by one, and a kick; the other end's hwtail follows.
filled="$((csb + 4096 + 64 + 4))"
before="$(devmem "$filled" 32)"
next="$(($(devmem 0x8000000 32) + 1))"
devmem 0x8000004 32 "$next"
devmem 0x8000000 32 "$next"
put "$ptnet0" 128 '\001\000\000\000'
tries=0
while [ "$(devmem "$filled" 32)" = "$before" ] && [ "$tries" -lt 1000 ]; do
    tries=$((tries + 1))
done
echo "ptnet1.received $(($(devmem "$filled" 32) - before))"
devmem "$((io + 128))" 32 1
