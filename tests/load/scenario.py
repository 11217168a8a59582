from locust import FastHttpUser, between, task


class Visitor(FastHttpUser):
    wait_time = between(0.3, 0.7)

    @task
    def read(self) -> None:
        self.client.get("/")
