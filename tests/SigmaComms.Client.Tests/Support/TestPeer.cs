using SigmaComms.Cryptography;
using SigmaComms.Persistence;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Client.Tests.Support;

/// <summary>One user: an account, a disk that survives, a client that may die, and an application that reads.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    private readonly FakeCluster _cluster;
    private readonly Clockwork _clock;
    private readonly int[] _order;
    private readonly InMemoryStore _disk;
    private readonly List<InboundItem> _items = [];
    private readonly List<ClientEvent> _events = [];
    private CancellationTokenSource _reading = new();
    private Task _reader = Task.CompletedTask;

    public TestPeer(string name, ulong seed, FakeCluster cluster, Clockwork clock, params int[] order)
        : this(new TestAccount(name, seed), cluster, clock, order)
    {
    }

    public TestPeer(TestAccount account, FakeCluster cluster, Clockwork clock, params int[] order)
    {
        Account = account;
        _cluster = cluster;
        _clock = clock;
        _order = order;
        _disk = new InMemoryStore(clock.Time);
        Journal = new MortalJournal(_disk);
    }

    public TestAccount Account { get; }

    public NodeId DeviceId => Account.Device.DeviceId;

    public MortalJournal Journal { get; private set; }

    public MessagingClient Client { get; private set; } = null!;

    public MemoryDialer Dialer { get; private set; } = null!;

    /// <summary>What the client has told so far.</summary>
    public IReadOnlyList<ClientEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Whether the application marks what it has read.</summary>
    public bool Marks { get; set; } = true;

    /// <summary>Items that came again though the application had them, which only a restart may cause.</summary>
    public int Repeats { get; private set; }

    /// <summary>What the application has, each once, in the order it came.</summary>
    public IReadOnlyList<InboundItem> Items
    {
        get
        {
            lock (_items)
            {
                return [.. _items];
            }
        }
    }

    public string[] Texts => [.. Items.Select(item => item.Text ?? "")];

    /// <summary>
    /// What the application has, once it is so much: who sent it may hear of its delivery before it is read.
    /// </summary>
    public async Task<IReadOnlyList<InboundItem>> ItemsAsync(int count)
    {
        await _clock.UntilAsync(() => Items.Count >= count, $"{Account.Record.Name} reads {count} items");
        return Items;
    }

    /// <summary>The application gets exactly this.</summary>
    public async Task ReadsAsync(params IEnumerable<string> texts)
    {
        string[] expected = [.. texts];
        await ItemsAsync(expected.Length);
        Assert.Equal(expected, Texts);
    }

    public async Task OpenAsync(MortalJournal? journal = null, Action<MessagingClientOptions>? change = null)
    {
        Journal = journal ?? new MortalJournal(_disk.Reopen());
        Dialer = new MemoryDialer(_cluster, DeviceId);
        var options = new MessagingClientOptions
        {
            Device = Account.Device,
            Account = Account.Record,
            Journal = Journal,
            Cluster = _cluster.Profile(_order),
            Dialer = Dialer,
            Time = _clock.Time,
            Random = Account.Random,
            PrekeyTarget = 4,
            Report = OnChanged,
        };
        change?.Invoke(options);
        Client = await _clock.UntilAsync(
            MessagingClient.OpenAsync(options, CancellationToken.None), "the client opens");
        _reading = new CancellationTokenSource();
        _reader = ReadAsync(Client, _reading.Token);
    }

    public MortalJournal JournalThat(int at, bool storeFirst, bool dies) =>
        new(_disk.Reopen()) { At = at, StoreFirst = storeFirst, Dies = dies };

    /// <summary>The disk loses what it has of all conversations; identity, prekeys and contacts stay.</summary>
    public async Task LoseConversationsAsync()
    {
        await foreach (string stream in _disk.Reopen().PersistenceIdsAsync("conversation/", CancellationToken.None))
        {
            IJournal disk = _disk.Reopen();
            await disk.DeleteToAsync(
                stream, await disk.HighestSequenceAsync(stream, CancellationToken.None), CancellationToken.None);
        }
    }

    public Task OnlineAsync() => _clock.UntilAsync(Client.Published, $"{Account.Record.Name} is published");

    /// <summary>Somebody else reads from now on.</summary>
    public async Task StopReadingAsync()
    {
        await _reading.CancelAsync();
        await _reader;
    }

    /// <summary>kill -9: from here on nothing of this process reaches disk or network.</summary>
    public async Task CrashAsync()
    {
        Journal.Kill();
        _cluster.CutLinks(DeviceId);
        await CloseAsync();
    }

    public async Task CloseAsync()
    {
        await _reading.CancelAsync();
        await _clock.UntilAsync(Client.DisposeAsync().AsTask(), "the client closes");
        await _reader;
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
        {
            await CloseAsync();
        }

        _reading.Dispose();
        Account.Device.Dispose();
    }

    private void OnChanged(ClientEvent what)
    {
        lock (_events)
        {
            _events.Add(what);
        }
    }

    private async Task ReadAsync(MessagingClient client, CancellationToken ct)
    {
        try
        {
            await foreach (InboundItem item in client.ReceiveAsync(ct))
            {
                Keep(item);
                if (Marks)
                {
                    _ = MarkAsync(client, item);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test closes the client.
        }
    }

    private static async Task MarkAsync(MessagingClient client, InboundItem item)
    {
        try
        {
            await client.MarkDeliveredAsync(item);
        }
        catch (Exception failed) when (failed is ClientException or ObjectDisposedException)
        {
            // It comes again, and is known.
        }
    }

    private void Keep(InboundItem item)
    {
        lock (_items)
        {
            if (_items.Any(known => known.Id == item.Id))
            {
                Repeats++;
            }
            else
            {
                _items.Add(item);
            }
        }
    }
}
