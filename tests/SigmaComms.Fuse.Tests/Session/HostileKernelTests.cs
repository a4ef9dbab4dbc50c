using System.Runtime.InteropServices;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;
using SigmaComms.Fuse.Session;
using SigmaComms.FuseProbe.Memory;
using Xunit.Abstractions;

namespace SigmaComms.Fuse.Tests.Session;

/// <summary>Requests that no kernel sends: each is answered at most once, and nothing breaks.</summary>
public sealed class HostileKernelTests(ITestOutputHelper output)
{
    private const int Rounds = 5000;

    [Fact]
    public void Random_and_bent_requests_are_refused_without_an_exception()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("SIGMA_TEST_SEED"), out int given)
            ? given
            : Environment.TickCount;
        output.WriteLine($"SIGMA_TEST_SEED={seed}");
        var random = new Random(seed);
        var device = new CountingDevice();
        List<Exception> faults = [];
        var options = new FuseOptions { Findable = true, Faulted = (_, fault) => faults.Add(fault) };
        var kernel = new Kernel(device, options);
        kernel.Send(Request.Init());

        for (int i = 0; i < Rounds; i++)
        {
            byte[] request = Make(random, (ulong)(i * 2) + 10);
            device.Begin();
            kernel.Send(request);

            Assert.True(device.Replies <= 1, $"round {i}");
            Assert.InRange(device.Error, 0, 200);
        }

        Assert.Empty(faults);
        Assert.Equal(0, kernel.Gate.Bytes);
    }

    [Theory]
    [InlineData(FuseOpcode.Lookup, "")]
    [InlineData(FuseOpcode.Lookup, "61")]
    [InlineData(FuseOpcode.Lookup, "00")]
    [InlineData(FuseOpcode.Lookup, "612F6200")]
    [InlineData(FuseOpcode.Lookup, "61006200")]
    [InlineData(FuseOpcode.Unlink, "2E00")]
    [InlineData(FuseOpcode.RemoveDirectory, "2E2E00")]
    [InlineData(FuseOpcode.GetAttributes, "00000000")]
    [InlineData(FuseOpcode.Write, "0000000000000000000000000000000005000000000000000000000000000000000000000000000041")]
    [InlineData(FuseOpcode.Read, "00000000000000000000000000000000FFFFFFFF0000000000000000000000000000000000000000")]
    [InlineData(FuseOpcode.SymbolicLink, "610062")]
    [InlineData(FuseOpcode.Link, "0100000000000000")]
    [InlineData(FuseOpcode.SetXattr, "FFFFFFFF0000000000000000000000007573657200")]
    [InlineData(FuseOpcode.Statistics, "00")]
    public void A_bent_request_is_an_error_and_counted(FuseOpcode opcode, string body)
    {
        var device = new CountingDevice();
        var kernel = new Kernel(device, new FuseOptions());
        kernel.Send(Request.Init());
        device.Begin();

        kernel.Send(Request.Of(opcode, 10, 1, Convert.FromHexString(body)));

        Assert.Equal(1, device.Replies);
        Assert.True(device.Error is (int)Errno.InputOutput or (int)Errno.Invalid, $"{device.Error}");
        Assert.Equal(1, kernel.Malformed);
    }

    [Fact]
    public void Lengths_in_the_header_that_lie_are_EIO()
    {
        var device = new CountingDevice();
        var kernel = new Kernel(device, new FuseOptions());
        kernel.Send(Request.Init());
        byte[] longer = Request.Of(FuseOpcode.GetAttributes, 10, 1, new byte[16]);
        longer[0]++;
        byte[] extended = Request.Of(FuseOpcode.GetAttributes, 12, 1, new byte[16]);
        extended[36] = 3;

        device.Begin();
        kernel.Send(longer);
        int lied = device.Error;
        device.Begin();
        kernel.Send(extended);
        int overlong = device.Error;
        device.Begin();
        kernel.Send(longer[..39]);

        Assert.Equal((int)Errno.InputOutput, lied);
        Assert.Equal((int)Errno.InputOutput, overlong);
        Assert.Equal(0, device.Replies);
    }

    [Fact]
    public void Before_INIT_everything_is_EIO()
    {
        var device = new CountingDevice();
        var kernel = new Kernel(device, new FuseOptions());

        kernel.Send(Request.Of(FuseOpcode.GetAttributes, 10, 1, new byte[16]));
        int before = device.Error;
        kernel.Send(Request.Init(minor: 30));
        int tooOld = device.Error;
        kernel.Send(Request.Init());
        kernel.Send(Request.Of(FuseOpcode.GetAttributes, 12, 1, new byte[16]));

        Assert.Equal((int)Errno.InputOutput, before);
        Assert.Equal((int)Errno.Protocol, tooOld);
        Assert.Equal(0, device.Error);
    }

    [Fact]
    public void What_is_answered_at_once_allocates_nothing()
    {
        var device = new CountingDevice();
        var kernel = new Kernel(device, new FuseOptions());
        kernel.Send(Request.Init());
        var create = new CreateIn { Flags = 2, Mode = NodeMode.Regular | 0x1A4 };
        kernel.Send(Request.Of(FuseOpcode.Create, 10, 1, Request.Bytes(create), Request.Name("a")));
        byte[][] requests =
        [
            Request.Of(FuseOpcode.Lookup, 12, 1, Request.Name("a")),
            Request.Of(FuseOpcode.GetAttributes, 14, 2, new byte[16]),
            Request.Of(FuseOpcode.Write, 16, 2, Request.Bytes(new WriteIn { Size = 4096 }), new byte[4096]),
            Request.Of(FuseOpcode.Write, 18, 2, Request.Bytes(new WriteIn { Size = 1 << 20 }), new byte[1 << 20]),
            Request.Of(FuseOpcode.Read, 20, 2, Request.Bytes(new ReadIn { Size = 4096 })),
            Request.Of(FuseOpcode.Read, 22, 2, Request.Bytes(new ReadIn { Size = 1 << 17 })),
            Request.Of(FuseOpcode.ReadDirectoryPlus, 24, 1, Request.Bytes(new ReadIn { Size = 4096 })),
            Request.Of(FuseOpcode.Forget, 26, 2, Request.Bytes(new ForgetIn { Lookups = 1 })),
        ];
        List<long> allocated = [];

        // What is made once, by the runtime too, may fall into any of the rounds; what each request makes into all.
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            SendAll(kernel, requests, 10);
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated.Min());
        Assert.Equal(0, device.Error);
    }

    private static void SendAll(Kernel kernel, byte[][] requests, int times)
    {
        for (int i = 0; i < times; i++)
        {
            foreach (byte[] request in requests)
            {
                kernel.Send(request);
            }
        }
    }

    /// <summary>Half of them are of the right length, so that what they say is looked at, too.</summary>
    private static byte[] Make(Random random, ulong unique)
    {
        byte[] body = new byte[random.Next(4) == 0 ? random.Next(0, 9000) : random.Next(0, 120)];
        random.NextBytes(body);
        if (random.Next(2) == 0)
        {
            // Small numbers and short names get further than random ones.
            for (int i = 0; i < body.Length; i++)
            {
                body[i] = random.Next(3) switch { 0 => 0, 1 => (byte)random.Next(8), _ => (byte)random.Next('a', 'd') };
            }
        }

        int[] sizes = [0, 8, 16, 24, 32, 40, 48, 56, 64, 88];
        if (random.Next(2) == 0)
        {
            byte[] name = Request.Name(new string('n', random.Next(0, 4)));
            byte[] fixedPart = new byte[sizes[random.Next(sizes.Length)]];
            random.NextBytes(fixedPart.AsSpan(0, fixedPart.Length * random.Next(2)));
            body = [.. fixedPart, .. random.Next(2) == 0 ? name : []];
        }

        // 26 is INIT and 33 waits for locks, which is allowed to take for ever.
        int opcode = random.Next(32) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(0, 55);
        opcode = opcode is 26 or 33 ? 3 : opcode;
        byte[] request = Request.Of((FuseOpcode)opcode, unique, (ulong)random.Next(0, 6), body);
        if (random.Next(8) == 0)
        {
            request[random.Next(request.Length)] ^= (byte)(1 << random.Next(8));
            MemoryMarshal.Write(request.AsSpan(4), in opcode);
        }

        return random.Next(16) == 0 ? request[..random.Next(request.Length)] : request;
    }

    /// <summary>Hands requests over as a reader does, but on the caller's thread.</summary>
    private sealed class Kernel
    {
        private readonly BufferPool _buffers = new((1 << 20) + 4096);
        private readonly RequestPool _requests;
        private readonly Dispatcher _dispatcher;
        private PinnedBuffer? _buffer;

        public Kernel(IKernelDevice device, FuseOptions options)
        {
            _requests = new RequestPool(_buffers);
            _dispatcher = new Dispatcher(
                new MemoryFileSystem(TimeProvider.System), options, device, _requests, Gate);
        }

        public InFlightGate Gate { get; } = new(2, 64 << 20);

        public long Malformed => _dispatcher.Malformed;

        public void Send(byte[] message)
        {
            _buffer ??= _buffers.Rent(_buffers.LargeBytes);
            message.CopyTo(_buffer.Bytes, 0);
            FuseRequest request = _requests.Rent();
            if (request.TryBegin(_buffer.Bytes.AsSpan(0, message.Length), ref _buffer))
            {
                _dispatcher.Dispatch(request);
            }
            else
            {
                _requests.Return(request);
            }
        }
    }

    private sealed class CountingDevice : IKernelDevice
    {
        public int Replies { get; private set; }

        public int Error { get; private set; }

        public void Begin() => (Replies, Error) = (0, 0);

        public int Read(Span<byte> buffer) => -(int)Errno.NoDevice;

        public int Write(ReadOnlySpan<byte> message)
        {
            Replies++;
            Error = -MemoryMarshal.Read<ReplyHeader>(message).Error;
            return message.Length;
        }

        public void Dispose()
        {
        }
    }
}
