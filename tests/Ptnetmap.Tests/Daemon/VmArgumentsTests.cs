using System.Text.Json;

namespace Ptnetmap.Tests.Daemon;

public class VmArgumentsTests
{
    [Fact]
    public async Task A_machine_has_one_memdev_a_region_and_a_ptnet_a_port()
    {
        await using DaemonBed bed = await Start();

        JsonElement vm = await bed.Get("/v1/vm/arguments?port=vale0:a&port=p%7B1&port=vale0:b&memory_mib=256");

        string d = bed.RunDirectory;
        Assert.Equal(
            [
                "-machine", "q35,memory-backend=mem",
                "-m", "256M",
                "-object", "memory-backend-memfd,id=mem,size=256M,share=on",
                "-device",
                $$$"""{"driver":"vfio-user-pci","id":"memdev-2","socket":{"type":"unix","path":"{{{d}}}/vale0=a.mem.sock"},"x-msg-timeout":60000}""",
                "-device",
                $$$"""{"driver":"vfio-user-pci","id":"memdev-1","socket":{"type":"unix","path":"{{{d}}}/p+m1.mem.sock"},"x-msg-timeout":60000}""",
                "-device",
                $$$"""{"driver":"vfio-user-pci","id":"ptnet-vale0.a","socket":{"type":"unix","path":"{{{d}}}/vale0=a.sock"},"x-msg-timeout":60000}""",
                "-device",
                $$$"""{"driver":"vfio-user-pci","id":"ptnet-p-m1","socket":{"type":"unix","path":"{{{d}}}/p+m1.sock"},"x-msg-timeout":60000}""",
                "-device",
                $$$"""{"driver":"vfio-user-pci","id":"ptnet-vale0.b","socket":{"type":"unix","path":"{{{d}}}/vale0=b.sock"},"x-msg-timeout":60000}""",
            ],
            vm.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()));
        Assert.Equal(256, vm.GetProperty("memory_mib").GetInt32());
        Assert.Equal(
            ["memdev vale0:a", "memdev partners", "ptnet vale0:a", "ptnet p{1", "ptnet vale0:b"],
            vm.GetProperty("devices").EnumerateArray()
                .Select(device => $"{device.GetProperty("kind")} {device.GetProperty("name")}"));
        Assert.Empty(vm.GetProperty("notes").EnumerateArray());
        Assert.All(
            vm.GetProperty("devices").EnumerateArray(),
            device => Assert.True(File.Exists(device.GetProperty("socket").GetString())));
    }

    [Fact]
    public async Task An_IOMMU_comes_before_the_devices_that_it_is_for()
    {
        await using DaemonBed bed = await Start();

        JsonElement vm = await bed.Get("/v1/vm/arguments?port=vale0:a&iommu=true");

        string[] arguments =
            [.. vm.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!)];
        Assert.Equal("q35,memory-backend=mem,kernel-irqchip=split", arguments[1]);
        Assert.Equal(7, Array.IndexOf(arguments, "intel-iommu,intremap=on,caching-mode=on"));
        Assert.StartsWith("{", arguments[9], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_connected_inside_is_no_VMs_and_it_is_told_what_is()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201,
            (await bed.Post("/v1/bridges", """{"left":"vale0:a","right":"vale1:b","slots":64}""")).Status);

        (int status, JsonElement problem) = await bed.Send(HttpMethod.Get, "/v1/vm/arguments?port=vale0:a");

        Assert.Equal(409, status);
        Assert.Equal(
            "port vale0:a is connected with vale1:b inside the daemon, so no VM can have it; give the VM a port of " +
            "its own on vale1 " +
            "(ptnet port add vale1:NAME), or part them first (ptnet bridge rm vale0:a), and make it anew for the VM " +
            "(ptnet port add vale0:a)",
            problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("freebsd", true)]
    [InlineData("linux", false)]
    public async Task FreeBSD_has_the_express_port_that_its_MSI_X_wants(string guest, bool express)
    {
        await using DaemonBed bed = await Start();

        JsonElement vm = await bed.Get($"/v1/vm/arguments?port=vale0:a&guest={guest}");

        Assert.Equal(express, vm.GetProperty("arguments").EnumerateArray()
            .Any(argument => argument.GetString() == "ioh3420,id=express,chassis=1"));
    }

    [Fact]
    public async Task What_stands_in_the_way_is_said()
    {
        await using DaemonBed bed = await Start();
        using var client = new SocketClient(bed.Inventory.FindPort("vale0:a").Transport.Endpoint!);
        _ = await bed.Post("/v1/ports/vale0:b/detach");

        JsonElement vm = await bed.Get("/v1/vm/arguments?port=vale0:a&port=vale0:b");

        Assert.Equal(
            ["port vale0:a has a QEMU already", "port vale0:b is detached"],
            vm.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!.Split(';')[0]));
    }

    [Theory]
    [InlineData("", 400, "at least one port")]
    [InlineData("?port=vale0:nobody", 404, "vale0:nobody")]
    [InlineData("?port=vale0:a&port=vale0:a", 400, "twice")]
    [InlineData("?port=vale0:thread", 409, "transport 'qemu'")]
    [InlineData("?port=vale0:a&memory_mib=1", 400, "32 to")]
    [InlineData("?port=vale0:a&memory_mib=-1", 400, "expected a whole number from 32 to 16777216, found '-1'")]
    [InlineData("?port=vale0:a&memory_mib=99999999999", 400,
        "expected a whole number from 32 to 16777216, found '99999999999'")]
    [InlineData("?port=vale0:a&guest=plan9", 400, "linux, freebsd")]
    [InlineData("?port=vale0:a&memory=1", 400, "there are port, memory_mib")]
    [InlineData("?port=vale0:a&iommu=perhaps", 400, "expected true or false, found 'perhaps'")]
    [InlineData("?port=vale0:a&patience=soon", 400, "expected a whole number from 5 to 3600, found 'soon'")]
    [InlineData("?port=vale0:a&patience=4", 400, "5 to 3600")]
    public async Task A_wrong_machine_is_refused(string query, int status, string part)
    {
        await using DaemonBed bed = await Start();

        (int answered, JsonElement problem) = await bed.Send(HttpMethod.Get, "/v1/vm/arguments" + query);

        Assert.Equal(status, answered);
        Assert.Contains(part, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    // A pair in one region, a port in another; a port that no VM can have.
    private static async Task<DaemonBed> Start()
    {
        DaemonBed bed = await DaemonBed.Start();
        foreach ((string path, string body) in ((string, string)[])
        [
            ("/v1/domains", """{"name":"partners","ports":3,"slots":64}"""),
            ("/v1/pipes", """{"name":"p{1","domain":"partners","slots":64}"""),
            ("/v1/ports", """{"name":"vale0:a","slots":64}"""),
            ("/v1/ports", """{"name":"vale0:b","domain":"partners","slots":64}"""),
            ("/v1/ports", """{"name":"vale0:thread","slots":64,"guest":{"program":"receive"}}"""),
        ])
        {
            Assert.Equal(201, (await bed.Post(path, body)).Status);
        }

        return bed;
    }
}
